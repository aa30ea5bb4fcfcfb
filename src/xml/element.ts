/** An element without its namespace: cameras choose prefixes freely, and some use one that they never declare. */
export interface XmlElement {
  /** The name after the prefix. */
  readonly name: string
  /** By the name after the prefix. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** Its own text, without that of its children and without blanks around it. */
  readonly text: string
}

/** All elements at the end of a path of names below this one. */
export function findAll (element: XmlElement, ...path: string[]): XmlElement[] {
  return path.reduce<XmlElement[]>((found, name) => found.flatMap(({ children }) => children.filter(child => child.name === name)), [element])
}

export const find = (element: XmlElement, ...path: string[]): XmlElement | undefined => findAll(element, ...path)[0]

/** The text of the first element at the end of a path; '' if there is none. */
export const textAt = (element: XmlElement, ...path: string[]): string => find(element, ...path)?.text ?? ''
