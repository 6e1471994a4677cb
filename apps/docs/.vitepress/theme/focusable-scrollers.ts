// Makes tables and formulas that scroll, because they are wider than the screen, focusable by keyboard. Others stay out of the tab order.

/** Elements that may be wider than the page. Blocks of code are focusable already. */
const SCROLLERS = ".vp-doc table, .vp-doc mjx-container[display]";

/** Checks the current page, and checks it again when its width changes. */
export function watchScrollers(): void {
  new ResizeObserver(markScrollers).observe(document.documentElement);
}

/** Makes the scrolling elements of the current page focusable. */
export function markScrollers(): void {
  for (const element of document.querySelectorAll(SCROLLERS)) {
    if (element.scrollWidth > element.clientWidth) element.setAttribute("tabindex", "0");
    else element.removeAttribute("tabindex");
  }
}
