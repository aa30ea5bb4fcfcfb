import { setText } from '../dom.js'
import { say } from '../words/language.js'
import { isMap, textOf, typed, valueAt } from './values.js'

/** @typedef {import('./values.js').Json} Json */

/** One value of the form: its label, its control, what it means and what is wrong with it. */
export class Field {
  #control
  #fault
  #shown = ''

  /**
   * @param {import('./fields.js').Spec} spec
   * @param {string} label
   * @param {string} [description] instead of the schema's
   */
  constructor (spec, label, description = spec.description) {
    this.spec = spec
    const name = spec.path.join('.')
    this.element = document.createElement('div')
    this.element.className = 'field'
    this.element.dataset.key = name
    this.#control = controlFor(spec)
    const words = document.createElement('label')
    const note = document.createElement('p')
    this.#fault = document.createElement('p')
    words.textContent = label
    note.textContent = description
    note.className = 'note'
    this.#fault.className = 'problem'
    this.#control.id = words.htmlFor = `editor-${name}`
    note.id = `editor-${name}-note`
    this.#fault.id = `editor-${name}-fault`
    this.#control.setAttribute('aria-describedby', `${this.#fault.id} ${note.id}`)
    this.element.append(words, this.#control, this.#fault, note)
  }

  /** Whether the viewer has changed what was shown. */
  get isChanged () { return this.#control.value !== this.#shown }

  /** What the camera is to have here. @param {import('./values.js').JsonMap} before the camera as it was shown */
  value (before) {
    return this.isChanged ? typed(this.#control.value, this.spec.kind) : valueAt(before, this.spec.path)
  }

  /** Shows what the camera has. What somebody has typed stays, if `keepsTyped`. @param {import('./values.js').JsonMap} camera */
  show (camera, keepsTyped = false) {
    const value = valueAt(camera, this.spec.path)
    const isTyped = keepsTyped && this.isChanged
    const isSecret = this.spec.kind === 'secret'
    this.#shown = isSecret ? '' : textOf(value)
    if (!isTyped) this.#control.value = this.#shown
    if (isSecret && this.#control instanceof window.HTMLInputElement) this.#control.placeholder = isMap(value) ? say('keptPassword') : ''
    this.fail('')
  }

  /** @param {string} fault empty if there is none */
  fail (fault) {
    setText(this.#fault, fault)
    this.#control.setAttribute('aria-invalid', String(fault !== ''))
  }

  focus () {
    this.element.closest('details')?.setAttribute('open', '')
    this.#control.focus()
    this.element.scrollIntoView({ block: 'nearest' }) // with its fault
  }
}

/** @param {import('./fields.js').Spec} spec */
function controlFor ({ kind, options, preset }) {
  if (options.length > 0) {
    const select = document.createElement('select')
    select.append(new window.Option(preset === '' ? say('notSet') : say('byDefault', { value: preset }), ''), ...options.map(option => new window.Option(option)))
    return select
  }
  const input = document.createElement('input')
  input.type = kind === 'secret' ? 'password' : 'text'
  input.autocomplete = kind === 'secret' ? 'new-password' : 'off'
  input.spellcheck = false
  input.autocapitalize = 'none'
  if (kind === 'number') input.inputMode = 'decimal'
  if (preset !== '') input.placeholder = say('byDefault', { value: preset })
  return input
}
