import { readJson, Refusal } from '../api.js'
import { say } from '../words/language.js'

/**
 * @typedef {import('./values.js').JsonMap} JsonMap
 * @typedef {{ id: string, etag: string, camera: JsonMap }} Entry
 */

const TIMEOUT_MS = 30_000

/** @param {string} id */
const urlOf = id => `config/cameras/${encodeURIComponent(id)}`

/** @returns {Promise<import('./fields.js').Shape>} */
export const fetchSchema = () => request('config/schema')

/**
 * @param {string} id
 * @returns {Promise<Entry>}
 */
export const fetchEntry = id => request(urlOf(id))

/**
 * @param {string} id
 * @param {JsonMap} camera
 */
export const addCamera = (id, camera) => request(urlOf(id), { method: 'PUT', headers: { 'if-none-match': '*' }, body: JSON.stringify(camera) })

/**
 * @param {Entry} entry as the viewer saw it
 * @param {JsonMap} patch
 */
export const patchCamera = ({ id, etag }, patch) => request(urlOf(id), { method: 'PATCH', headers: { 'if-match': `"${etag}"` }, body: JSON.stringify(patch) })

/**
 * Looks at a camera as it would be: one connection, one login.
 * @param {JsonMap} body
 * @returns {Promise<import('../../probe/report.js').ProbeReport>}
 */
export const probe = body => request('config/probe', { method: 'POST', body: JSON.stringify(body) })

/** @param {Entry} entry */
export const deleteCamera = ({ id, etag }) => request(urlOf(id), { method: 'DELETE', headers: { 'if-match': `"${etag}"` } })

/** @param {unknown} thrown fetch throws a TypeError if there was no answer; its message is the browser's */
export const sentence = thrown => thrown instanceof Refusal ? thrown.message : say('noAnswerLogin')

/**
 * @param {string} url
 * @param {RequestInit} [options]
 */
const request = async (url, options = {}) => readJson(await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS), ...options }))
