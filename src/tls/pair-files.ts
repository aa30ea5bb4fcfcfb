import { readFile } from 'node:fs/promises'
import { CamgateError } from '../errors.js'
import { expirySentence } from './expiry.js'
import { keyPair, type KeyPair } from './key-pair.js'

export interface CertificatePaths { readonly key: string, readonly cert: string }

/** @throws {CamgateError} TLS */
export async function readPair ({ key, cert }: CertificatePaths): Promise<KeyPair> {
  const [keyText, certText] = await Promise.all([key, cert].map(async path => await readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
    throw new CamgateError('TLS', unreadable(path, error.code), { cause: error })
  })))
  return keyPair(keyText!, certText!, { key, cert })
}

function unreadable (path: string, code?: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR': return `There is no file ${path}, which server.tls names. A relative path starts at the folder of cameras.yaml; in Docker, mount the folder that contains it.`
    case 'EISDIR': return `${path}, which server.tls names, is a folder, not a file.`
    case 'EACCES': return `camgate may not read ${path}, which server.tls names. Give the user that it runs as the right to; in Docker that is the user with the number 1000.`
    default: return `${path}, which server.tls names, cannot be read${code ? ` (${code})` : ''}.`
  }
}

/**
 * Does with the files what a start does: resolves to what its log would warn of, if anything.
 * @param now milliseconds since 1970
 * @throws {CamgateError} TLS, if camgate would not start with them
 */
export async function checkPair (paths: CertificatePaths, now: number): Promise<string | undefined> {
  const { certificate } = await readPair(paths)
  return expirySentence(certificate, now, paths.cert)
}
