// Builds DOM without innerHTML: whatever a barcode or a remark holds is text.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// One field with its label; `extra` goes to the input.
export function field(label, name, extra = {}, ...after) {
  return h("label", { class: "field" }, h("span", { class: "field-name" }, label), h("input", { name, ...extra }), after);
}

// Draws anew what stands in `root`, and gives the focus back to what then stands for the element that had it.
export function keepFocus(root, draw) {
  const signOf = (element) => [element.tagName, element.name, element.ariaLabel, element.dataset.value, element.parentElement.ariaLabel].join("|");
  const held = root.contains(document.activeElement) ? document.activeElement : null;
  const sign = held && signOf(held);
  draw();
  if (!held || document.activeElement === held) return;
  const stands = held.isConnected ? held : [...root.querySelectorAll("button, input, summary")].find((element) => signOf(element) === sign);
  stands?.focus({ preventScroll: true });
}

// A row of buttons of which one (or, with `many`, any number) is pressed.
export function choices({ label, options, chosen, onchoose, many = false, kind = "" }) {
  const isOn = (value) => (many ? chosen.includes(value) : chosen === value);
  return h(
    "div",
    { class: `choices ${kind}`, role: "group", "aria-label": label },
    options.map(([value, text, note]) =>
      h(
        "button",
        {
          type: "button",
          class: `choice choice-${value}`,
          "aria-pressed": String(isOn(value)),
          "data-value": value,
          onclick: () => onchoose(many ? toggled(chosen, value) : value),
        },
        h("b", {}, text),
        note ? h("small", {}, note) : null,
      ),
    ),
  );
}

function toggled(values, value) {
  return values.includes(value) ? values.filter((entry) => entry !== value) : [...values, value];
}
