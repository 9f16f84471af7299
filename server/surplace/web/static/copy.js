// Adds a button to what is there to be copied; without it, text and address can be copied by hand.
for (const place of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  const named = place.dataset.copy;
  button.type = "button";
  button.className = "copy act";
  button.textContent = named;
  button.addEventListener("click", async () => {
    const link = place.querySelector("a");
    const text = link ? link.href : place.querySelector("p").textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(link ?? place.querySelector("p"));
      const selected = getSelection();
      selected.removeAllRanges();
      selected.addRange(range);
      button.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => (button.textContent = named), 4000);
  });
  place.append(" ", button);
}
