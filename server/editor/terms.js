// What the release holds by class and property, as the service lists it; fetched once, while the page is read.

/** Return a promise of the terms, or of nothing if they cannot be had. */
export function loadTerms(address) {
  return fetch(address, { headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : null))
    .catch(() => null);
}
