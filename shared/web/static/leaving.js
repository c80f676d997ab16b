// Who signs out leaves nothing in this tab of what they typed and did not save: the computer may be shared.
document.querySelector('form[action="/directory/sign-out"]')?.addEventListener('submit', () => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith('early-help-unsaved:')) sessionStorage.removeItem(key);
});
