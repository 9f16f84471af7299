// What the release holds by class and property, as the service lists it; fetched once, while the page is read.

/** Return a function that gives the terms, or nothing before they have come or if they cannot be had. */
export function loadTerms(address) {
  let terms = null;
  fetch(address, { headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : null))
    .then((found) => {
      terms = found;
    })
    .catch(() => {});
  return () => terms;
}
