/** The rest of a longer secret is taken to end at the next space. */
const MAX_TREE_CHARS = 200

/** Finds secrets in any spelling. They form a tree, so a search takes no longer for the passwords of 500 cameras than for one. */
export class KnownSecrets {
  /** How many owners each secret has. */
  readonly #owners = new Map<string, number>()
  /** Undefined when it must be rebuilt without removed secrets. */
  #tree: Branch | undefined

  add (secret: string): void {
    const owners = this.#owners.get(secret) ?? 0
    this.#owners.set(secret, owners + 1)
    if (owners === 0 && this.#tree) graft(this.#tree, secret)
  }

  /** Call it once for each `add`: the last owner's call forgets the secret. */
  remove (secret: string): void {
    const owners = this.#owners.get(secret) ?? 0
    if (owners > 1) this.#owners.set(secret, owners - 1)
    else if (this.#owners.delete(secret)) this.#tree = undefined
  }

  /** Replaces each secret by `instead`: the longest one, if several begin at the same place. */
  hide (text: string, instead: string): string {
    const tree = this.#tree ??= this.#grow()
    let hidden = ''
    let from = 0
    for (let at = 0; at < text.length;) {
      const end = tree.endOf(text, at)
      if (end < 0) {
        at++
      } else {
        hidden += text.slice(from, at) + instead
        from = at = end
      }
    }
    return hidden + text.slice(from)
  }

  #grow (): Branch {
    const tree = new Branch('')
    for (const secret of this.#owners.keys()) graft(tree, secret)
    return tree
  }
}

function graft (tree: Branch, secret: string): void {
  const characters = [...secret]
  const branch = characters.slice(0, MAX_TREE_CHARS).reduce((from, character) => from.grow(character), tree)
  if (characters.length > MAX_TREE_CHARS) branch.ends = 'at the next space'
  else branch.ends ??= 'here'
}

/** The secrets that begin with the same characters. */
class Branch {
  /** Where a secret ends, if one ends with this branch. */
  ends: 'here' | 'at the next space' | undefined
  readonly #character: string
  /** The next branches, by a UTF-16 code unit in upper case, or a percent-encoded byte such as `%2F`. */
  readonly #next = new Map<string, Branch[]>()

  constructor (character: string) {
    this.#character = character
  }

  /** Returns the branch for the next character, and creates it if it is missing. */
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

  /** The end of the longest secret that continues at `at` in `text`; -1 if there is none. */
  endOf (text: string, at: number): number {
    const end = this.ends === undefined ? -1 : this.ends === 'here' ? at : at + text.slice(at).search(/\s|$/)
    if (at === text.length) return end
    const written = this.#endAfter(text[at]!.toUpperCase(), text, at + 1)
    return Math.max(end, written, text[at] === '%' ? this.#endAfterEscape(text, at + 1) : -1)
  }

  #endAfter (token: string, text: string, at: number): number {
    let end = -1
    for (const branch of this.#next.get(token) ?? []) end = Math.max(end, branch.endOf(text, at))
    return end
  }

  /** Two digits follow a `%`. The `25` of `%252F` is an encoded `%`. */
  #endAfterEscape (text: string, at: number): number {
    let end = -1
    for (let from = at; from <= at + 4 && from + 2 <= text.length; from += 2) {
      const byte = text.slice(from, from + 2).toUpperCase()
      end = Math.max(end, this.#endAfter(`%${byte}`, text, from + 2))
      if (byte !== '25') break
    }
    return end
  }
}

/** Ways to write a character: as it is, percent-encoded, as UTF-8 that was read as Latin-1, as in a form, as in JSON. */
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
