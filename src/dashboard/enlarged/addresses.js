import { cameraUrl, snapshotUrl, statusUrl } from '../api.js'

/**
 * The addresses of a camera's picture, for other pages and programs.
 * @param {string} id
 * @param {string} base where camgate is
 */
export function addressesOf (id, base) {
  /** @param {string} path */
  const absolute = path => new URL(path, base).href
  const stream = absolute(cameraUrl(id))
  return {
    img: `<img src="${stream}">`,
    element: `<script src="${absolute('view.js')}"></script>\n<camgate-view camera="${id}"></camgate-view>`,
    stream,
    snapshot: absolute(snapshotUrl(id)),
    status: absolute(statusUrl(id))
  }
}

/**
 * Saves the camera's newest picture as a file.
 * @param {string} id
 * @param {string} name
 */
export function savePicture (id, name) {
  const link = document.createElement('a')
  link.href = snapshotUrl(id)
  link.download = `${fileName(name)} ${fileName(new Date().toLocaleString('sv'))}.jpg` // Swedish: 2026-11-26 22:05:12
  link.click()
}

/** Without the signs that a file system may refuse. @param {string} text */
// eslint-disable-next-line no-control-regex
export const fileName = text => text.replace(/[\u0000-\u001f"*/:<>?\\|]/g, '-').slice(0, 100)
