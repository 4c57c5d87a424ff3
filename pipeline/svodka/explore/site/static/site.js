// "/" puts the cursor into the search box, as in many search engines; all else works without this.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const box = document.querySelector("input[type=search]");
  if (event.key !== "/" || typing || !box || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// The list beside a document goes along to the quotation that the address names.
const follow = () => {
  for (const link of document.querySelectorAll(".walk .words")) {
    link.removeAttribute("aria-current");
    if (link.hash !== location.hash) continue;
    link.setAttribute("aria-current", "true");
    const list = link.closest(".walk");
    list.scrollTop += link.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 3;
  }
};
addEventListener("hashchange", follow);
follow();
