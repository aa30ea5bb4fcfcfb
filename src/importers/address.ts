import { normalizeSource } from '../sources/kinds.js'
import { SourceError } from '../sources/source.js'
import type { ImportedKeys } from './imported.js'
import { Template } from './template.js'

export type AddressKeys = Pick<ImportedKeys, 'source' | 'username' | 'password'>

/** The keys, or why there are none: a clause that quotes nothing of the address. */
export type AddressReading = AddressKeys | { problem: string }

export interface Login { readonly username?: string | undefined, readonly password?: string | undefined }

/** Schemes of other programs, and the source that each means. */
const OTHER_SCHEMES: Record<string, (rest: string) => ImportedKeys['source']> = {
  rtspx: rest => ({ type: 'rtsp', url: `rtsps://${rest}`, allowSelfSigned: true }),
  mjpeg: rest => ({ type: 'http-mjpeg', url: `http://${rest}` }),
  jpeg: rest => ({ type: 'http-jpeg', url: `http://${rest}` })
}

/**
 * Reads a camera's address into keys of cameras.yaml, with its user and password apart. A login that the file gives besides is for an address
 * without one.
 */
export function readAddress (written: string, template = new Template(), login: Login = {}): AddressReading {
  const text = template.hide(written.trim())
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/is.exec(text) ?? []
  const other = Object.hasOwn(OTHER_SCHEMES, scheme.toLowerCase()) ? OTHER_SCHEMES[scheme.toLowerCase()]!(rest) : undefined
  try {
    const { source, credentials } = normalizeSource((other ?? text) as Parameters<typeof normalizeSource>[0])
    if (!('url' in source)) return { problem: 'this is no address of a camera' }
    const { username = '', password = '' } = credentials ?? { username: template.hide(login.username ?? ''), password: template.hide(login.password ?? '') }
    const url = template.show(source.url)
    return {
      source: typeof other === 'object' ? { ...other, url } : url,
      ...username !== '' && { username: template.show(username) },
      ...username !== '' && password !== '' && { password: template.show(password) }
    }
  } catch (error) {
    if (error instanceof SourceError) return { problem: error.message }
    throw error
  }
}
