"use strict";
// Plays what was measured beside what the law gives, from the same start.
for (const figure of document.querySelectorAll(".motion")) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const views = [...figure.querySelectorAll("canvas")];
  const button = figure.querySelector("button"), slider = figure.querySelector("input");
  const shown = figure.querySelector("output"), cursors = [...figure.querySelectorAll(".cursor")];
  const last = data.time.length - 1, size = data.bodies * data.dim, dim = data.dim;
  const sides = [data.measured, data.law].map(places => Int32Array.from(places));
  const middle = data.low.map((low, d) => (low + data.high[d]) / 2);
  const span = Math.max(...data.low.map((low, d) => data.high[d] - low)) || 1;
  const kind = body => data.kind.length ? data.kind[body] : data.bodies > 12 ? 0 : body;
  // How long all of it takes to play, and the farthest way in a frame that is no wrap of a box.
  const lasting = 7000, farthest = data.box ? span / data.step / 2 : Infinity;
  let frame = 0, playing = false, before = 0, asked = false, turn = 0.6, tilt = 0.35, held = null;

  // Where a place lies on the canvas, and how near it is.
  function project(place, side) {
    const p = place.map((value, d) => (value - middle[d]) / span);
    const room = side * (dim === 3 ? 0.62 : 0.88);
    if (dim < 3) return [side / 2 + room * p[0], side / 2 - room * (p[1] || 0), 0];
    const across = Math.cos(turn) * p[0] + Math.sin(turn) * p[1];
    const along = Math.cos(turn) * p[1] - Math.sin(turn) * p[0];
    const up = Math.cos(tilt) * p[2] - Math.sin(tilt) * along;
    return [side / 2 + room * across, side / 2 - room * up, Math.sin(tilt) * p[2] + Math.cos(tilt) * along];
  }

  // A round length, at most a quarter of what is seen.
  const decade = 10 ** Math.floor(Math.log10(span / 4));
  const bar = decade * [5, 2, 1].find(times => times * decade <= span / 4);
  function scale(pen, side, colour) {
    const long = bar / span * side * (dim === 3 ? 0.62 : 0.88), edge = side / 40;
    pen.beginPath(); pen.moveTo(edge, side - edge); pen.lineTo(edge + long, side - edge); pen.stroke();
    pen.font = `${12 * devicePixelRatio}px system-ui, sans-serif`; pen.fillStyle = colour;
    pen.fillText(String(+bar.toPrecision(3)), edge, side - 1.4 * edge);
  }

  function outline(pen, side) {
    if (!data.box) return;
    const corner = bits => project(data.box[0].map((_, d) =>
      data.box.reduce((sum, edge, k) => sum + (bits >> k & 1 ? edge[d] : 0), 0)), side);
    pen.beginPath();
    for (let bits = 0; bits < 1 << dim; bits++) for (let k = 0; k < dim; k++) {
      if (bits >> k & 1) continue;
      pen.moveTo(...corner(bits).slice(0, 2)); pen.lineTo(...corner(bits | 1 << k).slice(0, 2));
    }
    pen.stroke();
  }

  // Between two frames on the straight line, unless a body is missing or left the box.
  function between(places, body, first, share) {
    const at = first * size + body * dim, next = Math.min(first + 1, last) * size + body * dim;
    if (places[at] === data.absent) return null;
    let moves = places[next] !== data.absent;
    for (let d = 0; d < dim && moves; d++) moves = Math.abs(places[next + d] - places[at + d]) < farthest;
    return data.low.map((low, d) =>
      low + data.step * (places[at + d] + (moves ? share * (places[next + d] - places[at + d]) : 0)));
  }

  function paint(now) {
    asked = false;
    if (playing) {
      frame = Math.min(last, frame + Math.max(0, Math.min(100, now - before)) / lasting * last);
      if (frame >= last) play(false);
    }
    before = now;
    const style = getComputedStyle(figure), first = Math.floor(frame), share = frame - first;
    const colours = [1, 2, 3, 4, 5, 6].map(k => style.getPropertyValue("--s" + k).trim());
    views.forEach((view, which) => {
      const side = view.width, pen = view.getContext("2d");
      pen.clearRect(0, 0, side, side);
      pen.strokeStyle = style.getPropertyValue("--soft").trim(); pen.lineWidth = side / 400;
      outline(pen, side);
      scale(pen, side, pen.strokeStyle);
      const radius = Math.max(side / 160, side / (12 * Math.sqrt(data.bodies) + 40));
      const bodies = [];
      for (let body = 0; body < data.bodies; body++) {
        const place = between(sides[which], body, first, share);
        if (place) bodies.push([...project(place, side), kind(body)]);
      }
      if (dim === 3) bodies.sort((a, b) => b[2] - a[2]);
      for (const [x, y, far, which] of bodies) {
        pen.fillStyle = colours[which % 6]; pen.globalAlpha = dim === 3 ? 0.75 - 0.5 * far : 0.85;
        pen.beginPath(); pen.arc(x, y, radius * (1 - 0.4 * far), 0, 7); pen.fill();
      }
      pen.globalAlpha = 1;
    });
    const time = data.time[first] + share * (data.time[Math.min(first + 1, last)] - data.time[first]);
    const gone = (time - data.time[0]) / (data.time[last] - data.time[0]);
    for (const cursor of cursors) {
      const { from, to } = cursor.dataset, x = +from + gone * (to - from);
      cursor.setAttribute("x1", x); cursor.setAttribute("x2", x);
    }
    slider.value = Math.round(frame);
    shown.textContent = "time " + time.toPrecision(3);
    slider.setAttribute("aria-valuetext", shown.textContent);
    if (playing) draw();
  }

  function draw() {
    if (!asked) requestAnimationFrame(paint);
    asked = true;
  }
  function play(on) {
    if (on && frame >= last) frame = 0;
    playing = on; button.textContent = on ? "Pause" : "Play"; before = performance.now(); draw();
  }
  function fit() {
    for (const view of views) view.width = view.height = Math.max(120, view.clientWidth) * devicePixelRatio;
    draw();
  }
  button.onclick = () => play(!playing);
  slider.oninput = () => { play(false); frame = +slider.value; draw(); };
  if (dim === 3) for (const view of views) {
    view.onpointerdown = e => { held = [e.clientX, e.clientY]; view.setPointerCapture(e.pointerId); };
    view.onpointerup = view.onpointercancel = () => { held = null; };
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
  addEventListener("beforeprint", fit);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  fit();
}
