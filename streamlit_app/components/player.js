const mounted = new WeakMap();

function clockText(seconds) {
  const whole = Math.max(0, seconds);
  const minutes = Math.floor(whole / 60);
  return `${minutes}:${(whole - minutes * 60).toFixed(2).padStart(5, "0")}`;
}

function wire(root) {
  const find = (selector) => root.querySelector(selector);
  const video = find("video");
  const range = find("input[type=range]");
  const state = { data: null, root };
  const frame = () => 1 / (state.data.frames_per_second || 25);
  const seek = (seconds) => {
    video.currentTime = Math.min(Math.max(seconds, 0), video.duration || 0);
  };
  const toggle = () => (video.paused ? video.play() : video.pause());
  const step = (direction) => {
    video.pause();
    seek(video.currentTime + direction * frame());
  };
  const nextMark = () => {
    const marks = state.data.markers || [];
    const next = marks.find((mark) => mark.seconds > video.currentTime + 0.05) || marks[0];
    if (next) seek(next.seconds);
  };
  const speed = (direction) => {
    const select = find(".speed");
    select.selectedIndex = Math.min(Math.max(select.selectedIndex + direction, 0), select.options.length - 1);
    video.playbackRate = Number(select.value);
  };
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : find(".player").requestFullscreen());

  const show = () => {
    find(".time").textContent = `${clockText(video.currentTime)} / ${clockText(video.duration || 0)}`;
    if (video.duration) range.value = String(Math.round((video.currentTime / video.duration) * 1000));
    if (state.data.starts_at) {
      const wall = new Date(Date.parse(state.data.starts_at) + video.currentTime * 1000);
      find(".clock").textContent = wall.toLocaleString("en-IN", {
        timeZone: state.data.timezone, day: "numeric", month: "short", year: "numeric",
        hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
      });
    }
  };
  const drawMarks = () => {
    const marks = find(".marks");
    marks.replaceChildren();
    for (const mark of state.data.markers || []) {
      if (!video.duration || mark.seconds > video.duration) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.style.left = `${(mark.seconds / video.duration) * 100}%`;
      button.title = mark.label;
      button.setAttribute("aria-label", `To ${mark.label}`);
      button.onclick = () => seek(mark.seconds);
      marks.append(button);
    }
  };
  video.ontimeupdate = show;
  video.onseeked = show;
  video.onloadedmetadata = () => {
    drawMarks();
    seek(state.data.begin_seconds || 0);
    show();
  };
  video.onplay = () => (find(".play").textContent = "Pause");
  video.onpause = () => (find(".play").textContent = "Play");
  video.onerror = () =>
    (find(".problem").textContent =
      "This film cannot be played here. Download it below, or open the page again if the link has run out.");
  range.oninput = () => seek((Number(range.value) / 1000) * (video.duration || 0));
  find(".play").onclick = toggle;
  find(".back").onclick = () => step(-1);
  find(".step").onclick = () => step(1);
  find(".mark").onclick = nextMark;
  find(".full").onclick = full;
  find(".speed").onchange = (event) => (video.playbackRate = Number(event.target.value));
  find(".player").onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
    const onButton = event.target.tagName === "BUTTON";
    const actions = {
      " ": onButton ? null : toggle, ",": () => step(-1), ".": () => step(1),
      ArrowLeft: () => seek(video.currentTime - 2), ArrowRight: () => seek(video.currentTime + 2),
      m: nextMark, "<": () => speed(-1), ">": () => speed(1), f: full,
    };
    if (actions[event.key]) {
      event.preventDefault();
      event.stopPropagation();
      actions[event.key]();
    }
  };
  return { state, video };
}

export default function (component) {
  const root = component.parentElement;
  let wired = mounted.get(root);
  if (!wired) {
    wired = wire(root);
    mounted.set(root, wired);
  }
  const changed = !wired.state.data || wired.state.data.clip_id !== component.data.clip_id;
  wired.state.data = component.data;
  if (changed) {
    root.querySelector(".problem").textContent = "";
    wired.video.src = component.data.address;
  }
  return () => {
    wired.video.pause();
    wired.video.removeAttribute("src");
    wired.video.load();
    mounted.delete(root);
  };
}
