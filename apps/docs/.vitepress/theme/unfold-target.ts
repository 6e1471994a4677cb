// Unfolds the disclosures around what the address names, which would else be a link to nothing one can see.

/** Unfolds for the current address, and whenever its fragment changes. */
export function watchTarget(): void {
  // The router tells of a fragment before it scrolls there.
  window.addEventListener("hashchange", unfoldTarget);
  unfoldTarget();
}

/** Opens every disclosure that holds the element which the fragment of the address names. */
export function unfoldTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let hasOpened = false;
  for (let each = target?.closest("details"); each; each = each.parentElement?.closest("details")) {
    hasOpened ||= !each.open;
    each.open = true;
  }
  if (hasOpened) target?.scrollIntoView();
}
