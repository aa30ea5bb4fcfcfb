import sax from 'sax'
import { CamgateError } from '../errors.js'
import { quotable } from '../text/redact.js'
import type { XmlElement } from './element.js'

const MAX_DEPTH = 32
const MAX_ELEMENTS = 20_000
const MAX_PROBLEM_CHARS = 100

interface Open { name: string, attributes: Map<string, string>, children: Open[], text: string }

/**
 * Parses a whole XML text into a tree. Takes linear time. Knows only the five entities of XML itself and numbers, and refuses a document type, which could
 * define others. Throws XML_SYNTAX.
 */
export function parseXml (text: string): XmlElement {
  const root: Open = { name: '', attributes: new Map(), children: [], text: '' }
  const open = [root]
  let elements = 0
  const parser = sax.parser(true, { position: false })
  parser.onerror = error => { throw syntax(quotable(error.message.split('\n', 1)[0]!.toLowerCase(), MAX_PROBLEM_CHARS)) }
  parser.ondoctype = () => { throw syntax('it has a document type') }
  parser.onattribute = ({ name }) => { if (name === 'hasOwnProperty') throw syntax('sax calls the attribute hasOwnProperty') } // a TypeError otherwise
  parser.onopentag = ({ name, attributes }) => {
    if (open.length === 1 && root.children.length > 0) throw syntax('it has two elements at its top')
    if (open.length > MAX_DEPTH || ++elements > MAX_ELEMENTS) throw syntax('it has too many elements')
    const element: Open = { name: localName(name), attributes: new Map(Object.entries(attributes).map(([key, value]) => [localName(key), String(value)])), children: [], text: '' }
    open.at(-1)!.children.push(element)
    open.push(element)
  }
  parser.ontext = parser.oncdata = more => { open.at(-1)!.text += more }
  parser.onclosetag = () => {
    const closed = open.pop()!
    closed.text = closed.text.trim()
  }
  parser.write(text.replace(/^\uFEFF/, '')).close()
  const [element] = root.children
  if (!element) throw syntax('it is empty')
  return element
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

const syntax = (why: string) => new CamgateError('XML_SYNTAX', `its answer is not XML as it should be: ${why}`)
