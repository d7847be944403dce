// In JupyterLab the tab of the page has its name, and a mark where something is not saved.
function page(el) {
  const panel = el.closest(".jp-NotebookPanel");
  const tab = panel && document.querySelector(`.lm-TabBar-tab[data-id="${CSS.escape(panel.id)}"]`);
  if (!tab) return { name: null, unsaved: null };
  return {
    name: tab.querySelector(".lm-TabBar-tabLabel")?.textContent ?? null,
    unsaved: tab.classList.contains("jp-mod-dirty"),
  };
}

export default {
  render({ model, el }) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "jupyter-button widget-button lesson-button";
    button.textContent = model.get("text");
    button.addEventListener("click", () => model.send(page(el)));
    el.append(button);
  },
};
