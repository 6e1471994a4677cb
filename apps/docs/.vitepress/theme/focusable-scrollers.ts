// Tables and formulas that are wider than the screen scroll by themselves; a keyboard can reach them where they do, and only there.

/** What may be wider than the page. Blocks of code can be reached anyway. */
const SCROLLERS = ".vp-doc table, .vp-doc mjx-container[display]";

/** Looks at the page that is shown, and again when its width changes. */
export function watchScrollers(): void {
  new ResizeObserver(markScrollers).observe(document.documentElement);
}

/** Marks what scrolls on the page that is shown. */
export function markScrollers(): void {
  for (const element of document.querySelectorAll(SCROLLERS)) {
    if (element.scrollWidth > element.clientWidth) element.setAttribute("tabindex", "0");
    else element.removeAttribute("tabindex");
  }
}
