import { Refusal } from '../api.js'
import { copy } from '../copy.js'
import { find, setText } from '../dom.js'
import { say } from '../words/language.js'
import { Field } from './field.js'
import { specsOf } from './fields.js'
import { addCamera, fetchEntry, fetchSchema, patchCamera, sentence } from './requests.js'
import { testCamera } from './trial.js'
import { patchBetween, withValue } from './values.js'

/**
 * @typedef {import('./requests.js').Entry} Entry
 * @typedef {object} EditorCalls
 * @property {import('./confirmation.js').Confirmation} confirmation
 * @property {(text: string) => void} tell shows a message for a short time
 * @property {() => void} changed called after the file has changed
 */

/**
 * The keys that most cameras need, labelled in the language of the page. A note replaces the schema's description where that is about the file.
 * @type {Readonly<Record<string, { label: import('../words/language.js').Key, note?: import('../words/language.js').Key }>>}
 */
const MAIN = {
  source: { label: 'cameraAddress', note: 'addressNote' },
  username: { label: 'user' },
  password: { label: 'password', note: 'passwordNote' },
  name: { label: 'cameraName', note: 'nameNote' },
  substream: { label: 'smallerStream' }
}
const VALID_ID = /^[\w-]{1,64}$/
/** @type {import('./fields.js').Spec} */
const ID = { path: ['id'], kind: 'text', options: [], preset: '', description: '' }

/** The form for a new camera, or for what cameras.yaml says about one. Closing it asks first if somebody has typed something. */
export class Editor {
  #dialog
  #calls
  #problem
  #yaml
  #save
  /** As the viewer saw it; null for a new camera. @type {Entry | null} */
  #entry = null
  #id = new Field(ID, '')
  /** @type {Field[]} */
  #fields = []

  /**
   * @param {HTMLDialogElement} dialog
   * @param {EditorCalls} calls
   */
  constructor (dialog, calls) {
    this.#dialog = dialog
    this.#calls = calls
    this.#problem = find(dialog, '.problem')
    this.#yaml = find(dialog, '.yaml')
    this.#save = /** @type {HTMLButtonElement} */ (find(dialog, '[type="submit"]'))
    find(dialog, 'form').addEventListener('submit', event => {
      event.preventDefault()
      if (!this.#save.disabled) void this.#submit()
    })
    find(dialog, '.test').addEventListener('click', () => { void this.#test() })
    for (const button of dialog.querySelectorAll('.close')) button.addEventListener('click', () => { void this.#leave() })
    dialog.addEventListener('cancel', event => {
      event.preventDefault()
      void this.#leave()
    })
    find(dialog, '.copy').addEventListener('click', () => copy(find(dialog, 'pre').textContent ?? '').then(() => calls.tell(say('copied')), () => {}))
    window.addEventListener('beforeunload', event => { if (this.#isChanged) event.preventDefault() })
  }

  add () {
    return this.#open(null)
  }

  /** @param {string} id */
  edit (id) {
    return this.#open(id)
  }

  /** Closes without asking: the viewer may not see it any longer. */
  close () {
    this.#calls.confirmation.close()
    this.#dialog.close()
    this.#fields = []
    find(this.#dialog, '.main').replaceChildren()
    find(this.#dialog, '.more').replaceChildren()
  }

  get #isChanged () { return this.#dialog.open && [this.#id, ...this.#fields].some(field => field.isChanged) }

  /** @param {string | null} id */
  async #open (id) {
    try {
      const [schema, entry] = await Promise.all([fetchSchema(), id === null ? null : fetchEntry(id)])
      this.#entry = entry
      this.#build(schema)
      this.#show()
      setText(find(this.#dialog, 'h2'), entry === null ? say('addCamera') : say('editTitle', { name: String(entry.camera['name'] ?? entry.id) }))
      this.#dialog.showModal()
      this.#fields[0]?.focus()
    } catch (thrown) {
      await this.#calls.confirmation.tell(sentence(thrown))
    }
  }

  /** @param {import('./fields.js').Shape} schema */
  #build (schema) {
    const specs = specsOf(schema)
    const main = Object.entries(MAIN).flatMap(([key, { label, note }]) => specs.filter(({ path }) => path.join() === key).map(spec => new Field(spec, say(label), note && say(note))))
    const more = specs.filter(({ path }) => !Object.hasOwn(MAIN, path.join())).map(spec => new Field(spec, spec.path.join('.')))
    this.#fields = [...main, ...more]
    this.#id = new Field(ID, say('cameraId'), say('idNote'))
    this.#id.element.hidden = this.#entry !== null
    find(this.#dialog, '.main').replaceChildren(...main.slice(0, 1).map(field => field.element), this.#id.element, ...main.slice(1).map(field => field.element))
    find(this.#dialog, '.more').replaceChildren(...more.map(field => field.element))
    find(this.#dialog, 'details').removeAttribute('open')
  }

  #show (keepsTyped = false) {
    for (const field of [this.#id, ...this.#fields]) field.show(this.#entry?.camera ?? {}, keepsTyped)
    this.#say('')
  }

  /** @param {string} problem @param {string} [yaml] what to write into the file instead */
  #say (problem, yaml = '') {
    setText(find(this.#dialog, '.tested'), '')
    setText(this.#problem, problem)
    setText(find(this.#yaml, 'pre'), yaml)
    this.#yaml.hidden = yaml === ''
  }

  async #leave () {
    if (this.#isChanged && !await this.#calls.confirmation.ask(say('discardQuestion'), say('discard'), say('keepEditing'))) return
    this.close()
  }

  /** The camera as the form has it. */
  get #typed () {
    const before = this.#entry?.camera ?? {}
    return this.#fields.reduce((map, field) => withValue(map, field.spec.path, field.value(before)), before)
  }

  async #test () {
    const button = /** @type {HTMLButtonElement} */ (find(this.#dialog, '.test'))
    const result = find(this.#dialog, '.tested')
    button.disabled = true
    setText(result, say('testing'))
    setText(result, await testCamera(this.#typed, this.#entry?.id))
    button.disabled = false
  }

  async #submit () {
    this.#say('')
    for (const field of [this.#id, ...this.#fields]) field.fail('')
    const before = this.#entry?.camera ?? {}
    const camera = this.#typed
    const newId = String(this.#id.value({}) ?? '')
    if (this.#entry === null && !VALID_ID.test(newId)) {
      this.#id.fail(say('idNote'))
      return this.#id.focus()
    }
    this.#setBusy(true)
    try {
      const { id } = this.#entry === null ? await addCamera(newId, camera) : await patchCamera(this.#entry, patchBetween(before, camera))
      this.close()
      this.#calls.tell(say('savedCamera', { name: String(camera['name'] ?? id) }))
      this.#calls.changed()
    } catch (thrown) {
      await this.#refuse(thrown).catch(error => this.#say(sentence(error)))
    }
    this.#setBusy(false)
  }

  /** @param {boolean} isBusy */
  #setBusy (isBusy) {
    this.#save.disabled = isBusy
    this.#save.ariaBusy = String(isBusy)
  }

  /** @param {unknown} thrown */
  async #refuse (thrown) {
    if (!(thrown instanceof Refusal)) return this.#say(sentence(thrown))
    const { status, details } = thrown
    if (status === 412 && this.#entry !== null) {
      this.#entry = await fetchEntry(this.#entry.id)
      this.#show(true)
      return this.#say(say('changedMeanwhile'))
    }
    if (status === 412) {
      this.#id.fail(say('idTaken'))
      return this.#id.focus()
    }
    const faults = Array.isArray(details['diagnostics']) ? details['diagnostics'] : []
    const placed = faults.map(({ pointer, message }) => ({ field: this.#fieldAt(String(pointer)), message: String(message) }))
    for (const { field, message } of placed) field?.fail(message)
    const others = placed.filter(({ field }) => field === undefined).map(({ message }) => message)
    this.#say(faults.length === 0 ? thrown.message : others.join('\n'), typeof details['yaml'] === 'string' ? details['yaml'] : '')
    placed.find(({ field }) => field !== undefined)?.field?.focus()
  }

  /** The field that holds what a JSON Pointer leads to, or else the first of its map; undefined for the camera as a whole. @param {string} pointer */
  #fieldAt (pointer) {
    const path = pointer.slice(1).split('/')
    return this.#fields.find(({ spec }) => spec.path.every((key, i) => key === path[i])) ?? this.#fields.find(({ spec }) => spec.path[0] === path[0])
  }
}
