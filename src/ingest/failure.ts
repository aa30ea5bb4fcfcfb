import { CamgateError, defectOf } from '../errors.js'
import type { Failure } from '../failure/failure.js'
import { endedStream, failure, unreadable, type SharedCode } from '../failure/sentences.js'
import { portOf, type Target } from '../failure/target.js'

/** Classifies the connection errors that RTSP and HTTP have in common. `scheme` is the one without TLS. */
export function connectionFailure (error: Error, hadPictures: boolean, target: Target, scheme: 'rtsp' | 'http'): Failure {
  if (defectOf(error)) return unreadable(error)
  return error instanceof CamgateError ? protocolFailure(error, target, scheme) : systemFailure(error, hadPictures, target, scheme)
}

function protocolFailure (error: CamgateError, target: Target, scheme: string): Failure {
  switch (error.code) {
    case 'BAD_REDIRECT':
    case 'DOWNGRADE':
    case 'NO_PROOF':
    case 'WRONG_PROTOCOL': return { code: 'unsupported', message: error.message }
    case 'TLS_SILENT': return { code: 'unsupported', message: `What answers at ${portOf(target)}, takes the connection, but does not begin TLS. Check the port, or use ${scheme}://.` }
    default: return unreadable(error)
  }
}

/** Classifies Node's error codes for sockets, DNS and TLS. */
function systemFailure (error: NodeJS.ErrnoException, hadPictures: boolean, target: Target, scheme: string): Failure {
  const { syscall } = error
  const code = String(error.code ?? '') // a DOMException has a number
  const shared = codesByErrno[code]
  if (shared) return failure(shared, target)
  if (syscall === 'connect') return failure('unreachable', target) // firewalls and black holes cause various codes
  if (/CERT|SELF_SIGNED|ALTNAME|VERIFY|HOSTNAME/.test(code)) {
    return { code: 'unsupported', message: `The camera's certificate is not trusted (${code}). If you know the camera, set allowSelfSigned: true for its source.` }
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') {
    return { code: 'unsupported', message: `The camera does not speak TLS at this port, or only an old one that is not safe (${code}). Check the port, or use ${scheme}://.` }
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return { code: 'exited', message: `camgate cannot connect to the camera, because there is no file descriptor left (${code}). Fewer viewers or cameras, or a higher limit (ulimit -n), will help.` }
  }
  return endedStream(hadPictures)
}

const codesByErrno: Readonly<Record<string, SharedCode>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable'
}
