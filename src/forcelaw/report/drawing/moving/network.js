"use strict";
// Moves a signed network: turned, nearer, searched, filtered, and from its start to rest.
for (const figure of document.querySelectorAll(".network")) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const unpack = (text, Kind) => new Kind(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
  const place = unpack(data.position, Int16Array), ends = unpack(data.edges, Uint16Array);
  const state = unpack(data.state, Uint8Array), chance = unpack(data.probability, Uint8Array);
  const faction = unpack(data.faction, Uint8Array), names = data.names;
  const n = names.length, m = state.length, last = data.time.length - 1, unit = data.widest / 32767;
  const FRIEND = 1, HELD = 2, CALLED = 4, BASELINE = 8;
  const part = name => figure.querySelector(`[data-part="${name}"]`);
  const canvas = figure.querySelector("canvas"), pen = canvas.getContext("2d");
  const layer = document.createElement("canvas"), layerPen = layer.getContext("2d");
  const [play, slider, shown, told] = ["play", "time", "shown", "told"].map(part);
  const [signs, edges, groups, colours] = ["signs", "edges", "groups", "colours"].map(part);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const X = new Float32Array(n), Y = new Float32Array(n), Z = new Float32Array(n);
  const degree = new Uint32Array(n), size = new Float32Array(n);
  for (const end of ends) degree[end]++;
  const most = Math.max(1, ...degree.slice(0, 1e5));
  for (let i = 0; i < n; i++) size[i] = 0.55 + Math.sqrt(degree[i] / most);
  let turn, tilt, zoom, across, down, frame = last, node = -1, edge = -1, over = -1;
  let playing = false, turning = false, quick = false, waiting = 0, asked = false, before = 0;
  let lines = [], counts = [], pixels = null, drawn = 1, share = 1;

  const style = () => getComputedStyle(figure);
  const ratio = () => quick ? 1 : devicePixelRatio;
  function reset() { turn = 0.5; tilt = 0.3; zoom = 1; across = down = 0; }
  const right = e => !(state[e] & CALLED) === !(state[e] & FRIEND);
  const rightBefore = e => !(state[e] & BASELINE) === !(state[e] & FRIEND);

  // What an edge is told by: class 0 lies lowest.
  const classes = {
    sign: { names: ["friend", "enemy"], of: e => state[e] & FRIEND ? 0 : 1 },
    forcelaw: { names: ["learned from", "right", "wrong"], of: e => state[e] & HELD ? right(e) ? 1 : 2 : 0 },
    baseline: { names: ["learned from", "right", "wrong"], of: e => state[e] & HELD ? rightBefore(e) ? 1 : 2 : 0 },
  };
  const variable = { friend: "--friend", enemy: "--enemy", "learned from": "--faint", right: "--s1", wrong: "--s2" };
  const kept = {
    all: () => true, learned: e => !(state[e] & HELD), held: e => state[e] & HELD,
    right: e => state[e] & HELD && right(e), wrong: e => state[e] & HELD && !right(e),
    gained: e => state[e] & HELD && right(e) && !rightBefore(e),
    lost: e => state[e] & HELD && !right(e) && rightBefore(e),
  };

  function choose() {
    const group = groups.value === "" ? -1 : +groups.value, sign = signs.value;
    const told = classes[colours.value], keep = kept[edges.value];
    lines = told.names.map(() => []);
    for (let e = 0; e < m; e++) {
      if (sign && (sign === "friend") !== !!(state[e] & FRIEND) || !keep(e)) continue;
      if (group >= 0 && faction[ends[2 * e]] !== group && faction[ends[2 * e + 1]] !== group) continue;
      lines[told.of(e)].push(e);
    }
    // In no order, so that the first of them are a fair sample of all.
    for (const list of lines) list.sort((a, b) => Math.imul(a, 40503) % 65521 - Math.imul(b, 40503) % 65521);
    const total = lines.reduce((sum, one) => sum + one.length, 0);
    part("count").textContent = `${total.toLocaleString("en")} of ${m.toLocaleString("en")} edges shown`;
    part("legend").replaceChildren(...told.names.map((name, k) => {
      const entry = document.createElement("li"), key = document.createElement("span");
      key.className = "key"; key.style.background = `var(${variable[name]})`;
      entry.append(key, `${name} (${lines[k].length.toLocaleString("en")})`);
      return entry;
    }), ...factionKeys());
    draw();
  }

  // The colours of nodes, where there are several.
  function factionKeys() {
    const groups = [...new Set([...faction].map(group => Math.min(group, 6)))].sort();
    if (groups.length < 2) return [];
    return groups.map(group => {
      const entry = document.createElement("li"), key = document.createElement("span");
      key.className = "key round"; key.style.background = group < 6 ? `var(--s${group + 1})` : "var(--soft)";
      entry.append(key, group < 6 ? `faction ${group + 1}` : "other factions");
      return entry;
    });
  }

  function project(side, wide, high) {
    const first = Math.floor(frame), second = Math.min(first + 1, last), part = frame - first;
    const a = first * n * 3, b = second * n * 3;
    const [ct, st, cp, sp] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
    for (let i = 0; i < n; i++) {
      const j = 3 * i;
      const x = unit * (place[a + j] + part * (place[b + j] - place[a + j]));
      const y = unit * (place[a + j + 1] + part * (place[b + j + 1] - place[a + j + 1]));
      const z = unit * (place[a + j + 2] + part * (place[b + j + 2] - place[a + j + 2]));
      const u = ct * x + st * z, v = ct * z - st * x, far = sp * y + cp * v;
      const near = 4 / Math.max(0.4, 4 - far);
      X[i] = wide / 2 + side * (near * u + across); Y[i] = high / 2 - side * (near * (cp * y - sp * v) - down);
      Z[i] = near;
    }
  }

  // Many lines: counted pixel by pixel, so that any browser turns them, and toned like a density.
  function fill(wide, high, shades) {
    if (!pixels || pixels.width !== wide || pixels.height !== high) {
      layer.width = wide; layer.height = high; pixels = layerPen.createImageData(wide, high); counts = [];
    }
    while (counts.length < lines.length) counts.push(new Uint16Array(wide * high));
    let passed = 0, touched = 0;
    lines.forEach((list, k) => {
      const count = counts[k], few = quick ? Math.ceil(list.length * share) : list.length;
      count.fill(0);
      for (let j = 0; j < few; j++) {
        const p = ends[2 * list[j]], q = ends[2 * list[j] + 1];
        let x = X[p], y = Y[p], dx = X[q] - x, dy = Y[q] - y, from = 0, to = 1;
        // The part of the line that lies on the canvas.
        for (let side = 0; side < 4; side++) {
          const d = side < 2 ? dx : dy, way = side & 1 ? -d : d;
          const room = side === 0 ? wide - 1 - x : side === 1 ? x : side === 2 ? high - 1 - y : y;
          if (way > 0) to = Math.min(to, room / way);
          else if (way < 0) from = Math.max(from, room / way);
          else if (room < 0) to = -1;
        }
        if (from >= to) continue;
        x += from * dx; y += from * dy; dx *= to - from; dy *= to - from;
        const steps = Math.max(1, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy))));
        dx /= steps; dy /= steps; passed += steps;
        for (let s = 0; s <= steps; s++, x += dx, y += dy) count[(y | 0) * wide + (x | 0)]++;
      }
    });
    const out = new Uint32Array(pixels.data.buffer), tone = new Uint8Array(1024);
    const third = lines.length > 2, [one, two] = counts, three = third ? counts[2] : one;
    for (let i = 0; i < out.length; i++) if (one[i] | two[i] | three[i]) touched++;
    const middle = Math.max(2, passed / Math.max(1, touched));
    for (let c = 0; c < tone.length; c++) tone[c] = 240 * (1 - Math.exp(-((c / middle) ** 0.7)));
    const [[r1, g1, b1], [r2, g2, b2], [r3, g3, b3]] = [...shades, [0, 0, 0]];
    for (let i = 0; i < out.length; i++) {
      const a = one[i], b = two[i], c = third ? three[i] : 0;
      if (!(a | b | c)) { out[i] = 0; continue; }
      // What is right or wrong stands out of what was only learned from.
      const w = third && (b | c) ? 0.15 * a : a, sum = w + b + c;
      const red = (w * r1 + b * r2 + c * r3) / sum, green = (w * g1 + b * g2 + c * g3) / sum;
      const blue = (w * b1 + b * b2 + c * b3) / sum;
      out[i] = tone[Math.min(1023, a + b + c)] << 24 | blue << 16 | green << 8 | red;
    }
    layerPen.putImageData(pixels, 0, 0);
    pen.drawImage(layer, 0, 0, canvas.width, canvas.height);
  }

  function shade(name) {
    const held = style().getPropertyValue(name).trim();
    pen.fillStyle = held;
    const hex = /^#(..)(..)(..)/.exec(pen.fillStyle);
    return hex ? hex.slice(1).map(two => parseInt(two, 16)) : [128, 128, 128];
  }

  function draw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(paint);
  }

  function stroke(list, scale) {
    pen.beginPath();
    for (const e of list) {
      pen.moveTo(X[ends[2 * e]] * scale, Y[ends[2 * e]] * scale);
      pen.lineTo(X[ends[2 * e + 1]] * scale, Y[ends[2 * e + 1]] * scale);
    }
    pen.stroke();
  }

  function paint(now) {
    asked = false;
    const began = performance.now();
    if (playing) {
      frame = Math.min(last, frame + Math.min(0.1, (now - before) / 1000) * last / 6);
      if (frame >= last) run(false);
    }
    if (turning) turn += Math.min(0.1, (now - before) / 1000) * 0.35;
    before = now;
    const total = lines.reduce((sum, one) => sum + one.length, 0), dense = total > 3000;
    const grain = dense ? ratio() : devicePixelRatio, scale = devicePixelRatio / grain;
    const wide = Math.round(canvas.width / scale), high = Math.round(canvas.height / scale);
    const side = Math.min(wide, high) * 0.42 * zoom, css = style();
    const colour = name => css.getPropertyValue(name).trim();
    project(side, wide, high);
    drawn = wide;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const shades = classes[colours.value].names.map(name => variable[name]);
    if (dense) fill(wide, high, shades.map(shade));
    else lines.forEach((list, k) => {
      pen.strokeStyle = colour(shades[k]); pen.lineWidth = devicePixelRatio;
      pen.globalAlpha = Math.max(0.12, Math.min(0.8, 500 / Math.max(total, 1)));
      stroke(list, scale);
    });
    nodes(scale, colour);
    marks(scale, colour);
    pen.globalAlpha = 1;
    slider.value = Math.round(frame);
    shown.textContent = frame >= last ? "at rest" : "time " + data.time[Math.round(frame)].toPrecision(3);
    // As many lines as can be drawn in time while the picture moves, all of them when it rests.
    const spent = performance.now() - began;
    if (quick && spent > 16) share = Math.max(0.1, share * 0.85);
    else if (quick && spent < 9) share = Math.min(1, share * 1.05);
    if (playing || turning) draw();
  }

  const base = () => Math.max(1.3, 5.5 / (1 + n / 900)) * devicePixelRatio * Math.sqrt(Math.max(1, zoom));
  function nodes(scale, colour) {
    const group = groups.value === "" ? -1 : +groups.value, byGroup = [[], [], [], [], [], [], []];
    for (let i = 0; i < n; i++) {
      const x = X[i] * scale, y = Y[i] * scale;
      if (x < -9 || y < -9 || x > canvas.width + 9 || y > canvas.height + 9) continue;
      if (group < 0 || faction[i] === group) byGroup[faction[i] < 6 ? faction[i] : 6].push(i);
    }
    pen.globalAlpha = n > 2000 ? 0.75 : 0.9;
    byGroup.forEach((list, k) => {
      pen.fillStyle = k < 6 ? colour("--s" + (k + 1)) : colour("--soft");
      const round = n < 2500 && !quick;
      pen.beginPath();
      for (const i of list) {
        const x = X[i] * scale, y = Y[i] * scale, r = base() * size[i] * Z[i];
        if (round) { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 7); }
        else pen.fillRect(x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r);
      }
      if (round) pen.fill();
    });
  }

  function ofNode(i) {
    const found = [];
    for (let e = 0; e < m; e++) if (ends[2 * e] === i || ends[2 * e + 1] === i) found.push(e);
    return found;
  }

  function name(i, scale, colour, strong) {
    const x = X[i] * scale, y = Y[i] * scale, r = base() * size[i] * Z[i];
    pen.globalAlpha = 1;
    pen.font = `${strong ? 600 : 400} ${13 * devicePixelRatio}px system-ui, sans-serif`;
    pen.lineWidth = 4 * devicePixelRatio; pen.strokeStyle = colour("--card"); pen.fillStyle = colour("--ink");
    pen.textAlign = x > 0.75 * canvas.width ? "right" : x < 0.25 * canvas.width ? "left" : "center";
    const text = names[i].length > 40 ? names[i].slice(0, 39) + "…" : names[i];
    pen.strokeText(text, x, y - r - 5 * devicePixelRatio); pen.fillText(text, x, y - r - 5 * devicePixelRatio);
  }

  // What was chosen lies above all else.
  function marks(scale, colour) {
    const own = node >= 0 ? ofNode(node) : edge >= 0 ? [edge] : [];
    pen.globalAlpha = 0.95; pen.lineWidth = (edge >= 0 ? 3 : 1.4) * devicePixelRatio;
    for (const friend of [FRIEND, 0]) {
      pen.strokeStyle = colour(friend ? "--friend" : "--enemy");
      stroke(own.filter(e => (state[e] & FRIEND) === friend), scale);
    }
    const named = edge >= 0 ? [ends[2 * edge], ends[2 * edge + 1]] : node >= 0 ? [node] : [];
    for (const i of named) {
      pen.strokeStyle = colour("--ink"); pen.lineWidth = 2 * devicePixelRatio; pen.globalAlpha = 1;
      pen.beginPath(); pen.arc(X[i] * scale, Y[i] * scale, base() * size[i] * Z[i] + 4 * devicePixelRatio, 0, 7); pen.stroke();
    }
    if (n <= 60) for (let i = 0; i < n; i++) name(i, scale, colour, false);
    if (over >= 0) name(over, scale, colour, false);
    for (const i of named) name(i, scale, colour, true);
  }

  function tell(words) { told.textContent = words; }
  function pick(i) {
    node = i; edge = -1;
    if (i < 0) { tell(""); return draw(); }
    const own = ofNode(i), held = own.filter(e => state[e] & HELD), count = list => list.length.toLocaleString("en");
    const friends = own.filter(e => state[e] & FRIEND);
    let words = `${names[i]}: faction ${faction[i] < 255 ? faction[i] + 1 : "beyond 255"}; ${count(friends)} friendly and ${own.length - friends.length} hostile edges`;
    if (held.length) words += `; of ${count(held)} held out ${count(held.filter(right))} predicted right`;
    tell(words + "."); draw();
  }
  function show(source, target) {
    const from = names.indexOf(source), to = names.indexOf(target);
    node = edge = -1;
    for (let e = 0; e < m && edge < 0; e++) {
      const p = ends[2 * e], q = ends[2 * e + 1];
      if (p === from && q === to || p === to && q === from && edge < 0) edge = e;
    }
    if (edge < 0) { tell(`${source} and ${target}: the picture does not hold this pair.`); return draw(); }
    let words = `${source}, ${target}: ${state[edge] & FRIEND ? "friends" : "enemies"}`;
    if (state[edge] & HELD) words += `, held out; probability of a friend ${(chance[edge] / 255).toFixed(2)}`;
    tell(words + "."); draw();
  }
  function nearest(event) {
    const box = canvas.getBoundingClientRect();
    const scale = drawn / box.width;
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    let best = -1, least = (14 * scale) ** 2;
    const group = groups.value === "" ? -1 : +groups.value;
    for (let i = 0; i < n; i++) {
      const apart = (X[i] - x) ** 2 + (Y[i] - y) ** 2;
      if (apart < least && (group < 0 || faction[i] === group)) { best = i; least = apart; }
    }
    return best;
  }

  // Coarser while it moves, fine as soon as it rests.
  function move() {
    quick = true; clearTimeout(waiting); draw();
    waiting = setTimeout(() => { if (!playing && !turning) { quick = false; draw(); } }, 160);
  }
  function run(on) {
    if (on && frame >= last) frame = 0;
    playing = on; play.textContent = on ? "Pause" : "Play"; before = performance.now(); move();
  }
  function spin(on) {
    turning = on; part("turn").textContent = on ? "Stop turning" : "Turn";
    part("turn").setAttribute("aria-pressed", on); before = performance.now(); move();
  }
  function nearer(factor) { zoom = Math.max(0.3, Math.min(40, zoom * factor)); move(); }
  const lean = by => { tilt = Math.max(-1.5, Math.min(1.5, tilt + by)); };

  play.onclick = () => run(!playing);
  slider.oninput = () => { run(false); frame = +slider.value; move(); };
  part("turn").onclick = () => spin(!turning);
  part("nearer").onclick = () => nearer(1.4);
  part("farther").onclick = () => nearer(1 / 1.4);
  part("reset").onclick = () => { reset(); pick(-1); part("search").value = ""; list(); move(); };
  for (const chosen of [signs, edges, groups, colours]) chosen.onchange = choose;

  const search = part("search"), found = part("found");
  function list() {
    const wanted = search.value.trim().toLowerCase(), hits = [];
    for (let i = 0; wanted && i < n && hits.length < 200; i++) {
      const at = names[i].toLowerCase().indexOf(wanted);
      if (at >= 0) hits.push([names[i].length === wanted.length ? -1 : at, -degree[i], i]);
    }
    hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    found.replaceChildren(...hits.slice(0, 8).map(([, , i]) => {
      const button = document.createElement("button");
      button.type = "button"; button.textContent = names[i];
      button.onclick = () => { pick(i); found.replaceChildren(); search.value = names[i]; };
      return button;
    }));
    if (wanted && !hits.length) found.textContent = "no such name";
    return hits.length ? hits[0][2] : -1;
  }
  search.oninput = () => { if (node >= 0) pick(-1); list(); };
  search.onkeydown = event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = list();
    if (first >= 0) { pick(first); found.replaceChildren(); search.value = names[first]; }
  };

  const hands = new Map();
  let moved = 0;
  canvas.onpointerdown = event => {
    canvas.focus(); canvas.setPointerCapture(event.pointerId);
    hands.set(event.pointerId, [event.clientX, event.clientY]); moved = 0;
  };
  canvas.onpointerup = canvas.onpointercancel = event => {
    hands.delete(event.pointerId);
    if (event.type === "pointerup" && moved < 5) pick(nearest(event));
  };
  canvas.onpointermove = event => {
    const held = hands.get(event.pointerId);
    if (!held) {
      const under = nearest(event);
      if (under !== over) { over = under; draw(); }
      return;
    }
    const [dx, dy] = [event.clientX - held[0], event.clientY - held[1]];
    moved += Math.abs(dx) + Math.abs(dy);
    const side = Math.min(canvas.clientWidth, canvas.clientHeight) * 0.42 * zoom;
    if (hands.size > 1) {
      const other = [...hands].find(([id]) => id !== event.pointerId)[1];
      const apart = p => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
      zoom = Math.max(0.3, Math.min(40, zoom * apart([event.clientX, event.clientY]) / apart(held)));
      across += dx / side / 2; down += dy / side / 2;
    } else if (event.shiftKey || event.buttons & 6) { across += dx / side; down += dy / side; }
    else { turn += dx / 200; lean(dy / 200); }
    hands.set(event.pointerId, [event.clientX, event.clientY]); move();
  };
  canvas.onpointerleave = () => { if (over >= 0) { over = -1; draw(); } };
  canvas.oncontextmenu = event => event.preventDefault();
  canvas.addEventListener("wheel", event => {
    // The page scrolls on until the picture was clicked.
    if (document.activeElement !== canvas) return;
    event.preventDefault(); nearer(Math.exp(-event.deltaY / 500));
  }, { passive: false });
  canvas.onkeydown = event => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (by && event.shiftKey) { across += by[0] * 0.1 / zoom; down += by[1] * 0.1 / zoom; }
    else if (by) { turn += by[0] * 0.1; lean(by[1] * 0.1); }
    else if (event.key === "+" || event.key === "=") nearer(1.2);
    else if (event.key === "-") nearer(1 / 1.2);
    else if (event.key === "0") { reset(); }
    else if (event.key === "Escape") pick(-1);
    else if (event.key === " ") run(!playing);
    else return;
    event.preventDefault(); move();
  };
  // Pairs that are told about beside the picture are marked in it.
  const section = figure.closest("section") || document;
  for (const pair of section.querySelectorAll("details[data-source]")) pair.addEventListener("toggle", () => {
    if (pair.open) show(pair.dataset.source, pair.dataset.target);
  });
  for (const button of section.querySelectorAll("button[data-node]")) button.onclick = () => {
    pick(names.indexOf(button.dataset.node)); figure.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  };

  function fit() {
    canvas.width = Math.max(200, canvas.clientWidth) * devicePixelRatio;
    canvas.height = Math.max(200, canvas.clientHeight) * devicePixelRatio;
    draw();
  }
  addEventListener("resize", fit);
  addEventListener("beforeprint", () => { quick = false; fit(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  reset(); choose(); fit();
}
