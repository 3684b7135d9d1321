export const $ = (id) => document.getElementById(id);

/** An element with text; fields are set as attributes. */
export function make(tag, text = "", fields = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(fields)) {
    element.setAttribute(name, value);
  }

  return element;
}

/** Sets the text only when it changes, so that nothing is laid out anew for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
