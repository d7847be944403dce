// The theme says on <html> whether the page is dark; the strips ask in JupyterLab's words.
const page = document.documentElement;
const follow = () => {
  page.dataset.jpThemeLight = page.dataset.theme !== "dark";
};
new MutationObserver(follow).observe(page, { attributeFilter: ["data-theme"] });
follow();
