import { literal } from '../yaml/substitute.js'

/**
 * Texts that another program fills in, on their way into cameras.yaml. `hide` puts a word that is valid in any address in the place of each
 * variable; `show` makes cameras.yaml's text of the result: `${NAME}` for the words, and `$${` for a `${` that is literal.
 */
export class Template {
  readonly #variable: RegExp | undefined
  readonly #names: string[] = []

  /** `variable` is global, and its first group is the name. Without it, no text is filled in. */
  constructor (variable?: RegExp) {
    this.#variable = variable
  }

  hide (text: string): string {
    return this.#variable ? text.replace(this.#variable, (_, name: string) => this.put(name)) : text
  }

  /** The word for an environment variable. */
  put (name: string): string {
    return `camgate-variable-${this.#names.push(name) - 1}-`
  }

  show (text: string): string {
    return literal(text).replace(/camgate-variable-(\d+)-/g, (word, index: string) => {
      const name = this.#names[Number(index)]
      return name === undefined ? word : `\${${name}}`
    })
  }
}
