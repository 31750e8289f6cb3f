"use strict";
// Plays what was measured beside what the law gives, from the same start.
for (const figure of document.querySelectorAll(".motion")) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const views = [...figure.querySelectorAll("canvas")];
  const button = figure.querySelector("button"), slider = figure.querySelector("input");
  const shown = figure.querySelector("output");
  const frames = data.time.length, size = data.bodies * data.dim;
  const middle = data.low.map((low, d) => (low + data.high[d]) / 2);
  const span = Math.max(...data.low.map((low, d) => data.high[d] - low)) || 1;
  let frame = 0, playing = false, last = 0, turn = 0.6, tilt = 0.35, held = null;

  // Where a place lies on the canvas, and how near it is.
  function project(place, side) {
    const p = place.map((value, d) => (value - middle[d]) / span);
    const room = side * (data.dim === 3 ? 0.62 : 0.88);
    if (data.dim < 3) return [side / 2 + room * p[0], side / 2 - room * (p[1] || 0), 0];
    const across = Math.cos(turn) * p[0] + Math.sin(turn) * p[1];
    const along = Math.cos(turn) * p[1] - Math.sin(turn) * p[0];
    const up = Math.cos(tilt) * p[2] - Math.sin(tilt) * along;
    return [side / 2 + room * across, side / 2 - room * up, Math.sin(tilt) * p[2] + Math.cos(tilt) * along];
  }

  function outline(pen, side) {
    if (!data.box) return;
    const corner = bits => project(data.box[0].map((_, d) =>
      data.box.reduce((sum, edge, k) => sum + (bits >> k & 1 ? edge[d] : 0), 0)), side);
    pen.beginPath();
    for (let bits = 0; bits < 1 << data.dim; bits++) for (let k = 0; k < data.dim; k++) {
      if (bits >> k & 1) continue;
      pen.moveTo(...corner(bits).slice(0, 2)); pen.lineTo(...corner(bits | 1 << k).slice(0, 2));
    }
    pen.stroke();
  }

  function draw() {
    const style = getComputedStyle(figure);
    const colour = kind => style.getPropertyValue("--s" + (kind % 6 + 1)).trim();
    views.forEach((view, which) => {
      const side = view.width, pen = view.getContext("2d");
      const places = which ? data.law : data.measured;
      pen.clearRect(0, 0, side, side);
      pen.strokeStyle = style.getPropertyValue("--rule").trim(); pen.lineWidth = side / 400;
      outline(pen, side);
      const radius = Math.max(side / 160, side / (12 * Math.sqrt(data.bodies) + 40));
      const bodies = [];
      for (let body = 0; body < data.bodies; body++) {
        const at = frame * size + body * data.dim;
        if (places[at] === data.absent) continue;
        const place = data.low.map((low, d) => low + places[at + d] * data.step);
        bodies.push([...project(place, side), data.kind.length ? data.kind[body] : data.bodies > 12 ? 0 : body]);
      }
      if (data.dim === 3) bodies.sort((a, b) => b[2] - a[2]);
      for (const [x, y, far, kind] of bodies) {
        pen.fillStyle = colour(kind); pen.globalAlpha = data.dim === 3 ? 0.75 - 0.5 * far : 0.85;
        pen.beginPath(); pen.arc(x, y, radius * (1 - 0.4 * far), 0, 7); pen.fill();
      }
      pen.globalAlpha = 1;
    });
    slider.value = frame;
    shown.textContent = "time " + data.time[frame].toPrecision(3);
  }

  function step(now) {
    if (!playing) return;
    if (now - last > 50) { last = now; frame = (frame + 1) % frames; draw(); }
    requestAnimationFrame(step);
  }
  function play(on) {
    playing = on; button.textContent = on ? "Pause" : "Play";
    if (on) requestAnimationFrame(step);
  }
  function fit() {
    for (const view of views) view.width = view.height = Math.max(120, view.clientWidth) * devicePixelRatio;
    draw();
  }
  button.onclick = () => play(!playing);
  slider.oninput = () => { play(false); frame = +slider.value; draw(); };
  if (data.dim === 3) for (const view of views) {
    view.onpointerdown = e => { held = [e.clientX, e.clientY]; view.setPointerCapture(e.pointerId); };
    view.onpointerup = () => { held = null; };
    view.onpointermove = e => {
      if (!held) return;
      turn += (e.clientX - held[0]) / 150;
      tilt = Math.max(-1.5, Math.min(1.5, tilt + (e.clientY - held[1]) / 150));
      held = [e.clientX, e.clientY]; draw();
    };
    view.onkeydown = e => {
      const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[e.key];
      if (!by) return;
      e.preventDefault(); turn += by[0]; tilt = Math.max(-1.5, Math.min(1.5, tilt + by[1])); draw();
    };
  }
  addEventListener("resize", fit);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  fit();
}
