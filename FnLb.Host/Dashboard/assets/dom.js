export const $ = (id) => document.getElementById(id);

// What is just out of sight is ready when it is scrolled to.
const watcher = new IntersectionObserver(
  (entries) => entries.forEach((entry) => watched.get(entry.target)?.(entry.isIntersecting)), { rootMargin: "200px" });
const watched = new WeakMap();

/** Calls tell(isSeen) now and whenever the element comes into sight or leaves it. */
export function whenSeen(element, tell) {
  watched.set(element, tell);
  watcher.observe(element);
}

/** Undoes it. */
export function forgetSeen(element) {
  watched.delete(element);
  watcher.unobserve(element);
}

/** An element with text; fields are set as attributes. */
export function make(tag, text = "", fields = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(fields)) {
    element.setAttribute(name, value);
  }

  return element;
}

const texts = new WeakMap();

/** Sets the text only when it changes, so that nothing is laid out anew for nothing. Of elements without others in them. */
export function setText(element, text) {
  if (texts.get(element) !== text) {
    texts.set(element, text);
    element.textContent = text;
  }
}
