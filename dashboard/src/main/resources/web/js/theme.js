// Before the first paint, so that a chosen theme does not flash in the other one.
(() => {
  let theme = null;
  try { theme = localStorage.getItem('adstream-theme'); } catch { /* storage may be forbidden */ }
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
})();
