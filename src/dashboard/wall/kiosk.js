/** `?kiosk`: pictures only, on a screen that stays on. */
export const isKiosk = new URLSearchParams(window.location.search).has('kiosk')

/** Browsers drop the lock whenever the page is hidden, and have none on plain http. */
export function keepScreenOn () {
  const lock = () => { if (!document.hidden) navigator.wakeLock?.request('screen').catch(() => {}) } // a low battery refuses it
  document.addEventListener('visibilitychange', lock)
  lock()
}
