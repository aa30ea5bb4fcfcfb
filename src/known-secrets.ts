/** Characters. Of a longer secret the rest lasts up to the next blank. */
const LONGEST = 200

/** Finds secrets in any spelling. The secrets form a tree, so that a search takes no longer for the passwords of 500 cameras than for one. */
export class KnownSecrets {
  readonly #root = new Branch('')

  add (secret: string): void {
    const characters = [...secret]
    const branch = characters.slice(0, LONGEST).reduce((from, character) => from.grow(character), this.#root)
    if (characters.length > LONGEST) branch.ends = 'at the next blank'
    else branch.ends ??= 'here'
  }

  /** Puts `instead` in the place of each secret, of the longest where several begin at one place. */
  hide (text: string, instead: string): string {
    let hidden = ''
    let from = 0
    for (let at = 0; at < text.length;) {
      const end = this.#root.endOf(text, at)
      if (end < 0) {
        at++
      } else {
        hidden += text.slice(from, at) + instead
        from = at = end
      }
    }
    return hidden + text.slice(from)
  }
}

/** The secrets that begin alike up to here. */
class Branch {
  /** Whether a secret ends with it, and where. */
  ends: 'here' | 'at the next blank' | undefined
  readonly #character: string
  /** By what may come next: a UTF-16 code unit in upper case, or a percent-encoded byte such as `%2F`. */
  readonly #next = new Map<string, Branch[]>()

  constructor (character: string) {
    this.#character = character
  }

  /** The branch of the secrets that go on with this character. */
  grow (character: string): Branch {
    const forms = formsOf(character)
    const known = this.#next.get(forms[0]![0]!)?.find(branch => branch.#character === character)
    if (known) return known
    const grown = new Branch(character)
    for (const form of forms) {
      const last = form.slice(0, -1).reduce<Branch>((from, token) => from.#link(token, new Branch('')), this)
      last.#link(form.at(-1)!, grown)
    }
    return grown
  }

  #link (token: string, to: Branch): Branch {
    const branches = this.#next.get(token)
    if (branches) branches.push(to)
    else this.#next.set(token, [to])
    return to
  }

  /** Where the longest secret ends of which the rest stands in `text` from `at` on; -1 if there is none. */
  endOf (text: string, at: number): number {
    const end = this.ends === undefined ? -1 : this.ends === 'here' ? at : at + text.slice(at).search(/\s|$/)
    if (at === text.length) return end
    const written = this.#endBehind(text[at]!.toUpperCase(), text, at + 1)
    return Math.max(end, written, text[at] === '%' ? this.#endBehindEscape(text, at + 1) : -1)
  }

  #endBehind (token: string, text: string, at: number): number {
    let end = -1
    for (const branch of this.#next.get(token) ?? []) end = Math.max(end, branch.endOf(text, at))
    return end
  }

  /** Two digits follow a `%`; the `25` of `%252F` is another `%`, encoded twice. */
  #endBehindEscape (text: string, at: number): number {
    let end = -1
    for (let from = at; from <= at + 4 && from + 2 <= text.length; from += 2) {
      const byte = text.slice(from, from + 2).toUpperCase()
      end = Math.max(end, this.#endBehind(`%${byte}`, text, from + 2))
      if (byte !== '25') break
    }
    return end
  }
}

/** How a character may be written: as it is, percent-encoded, as UTF-8 that somebody took for Latin-1, as a form or JSON has it. */
function formsOf (character: string): string[][] {
  const utf8 = Buffer.from(character)
  const forms = [units(character), percent(utf8)]
  if (utf8.length > 1) forms.push(units(utf8.toString('latin1')))
  if (utf8.length === 2 && character <= '\xff') forms.push(percent(Buffer.from(character, 'latin1')))
  if (character === ' ') forms.push(['+'])
  if ('"\\'.includes(character)) forms.push(['\\', character])
  return forms
}

const units = (text: string): string[] => text.split('').map(unit => unit.toUpperCase())
const percent = (bytes: Buffer): string[] => [...bytes].map(byte => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
