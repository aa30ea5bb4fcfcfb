import { CamgateError, defectOf } from '../errors.js'
import { RtspRefusal } from '../rtsp-client/rtsp-client.js'
import { portOf, unnamed, type Target } from './target.js'
import { failure, mute, unreadable, type Failure, type Plain } from './failure.js'

/** What it means that a session with a camera ended as it did. */
export function rtspFailure (error: Error | undefined, hadFrames: boolean, asked: Target = unnamed): Failure {
  if (error instanceof RtspRefusal) return refusal(error.status, asked)
  if (error && defectOf(error)) return unreadable(error)
  const code = error && 'code' in error ? String(error.code) : ''
  if (code === 'RTSP_SILENT') return hadFrames ? failure('stalled', asked) : mute(asked)
  const plain = plainly[code]
  if (plain) return failure(plain, asked)
  if (error && 'syscall' in error && error.syscall === 'connect') return failure('unreachable', asked) // a firewall's or a black hole's codes vary
  if (code === 'UNSPOKEN' || code === 'NO_VIDEO') {
    return { code: 'unsupported', message: `The camera sends nothing that camgate can show: ${error!.message}. Try another of its streams; with rtsp://, ingest: auto lets ffmpeg try.` }
  }
  if (code === 'BAD_REDIRECT') return { code: 'unsupported', message: `${error!.message.replace(/^the/, 'The')}.` }
  if (code === 'WRONG_PROTOCOL') return { code: 'unsupported', message: error!.message }
  if (code === 'NO_PROOF') return { code: 'unsupported', message: `The camera asks for ${error!.message}, which camgate does not know.` }
  if (code === 'DOWNGRADE') {
    return { code: 'unsupported', message: 'The camera asked for Digest before, and now for the password itself (Basic). It is not sent: somebody else may be answering. If the camera was set up so, write auth: basic.' }
  }
  if (/CERT|SELF_SIGNED|ALTNAME|VERIFY|HOSTNAME/.test(code)) {
    return { code: 'unsupported', message: `The camera's certificate is not trusted (${code}). If you know the camera, set allowSelfSigned: true for its source.` }
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') {
    return { code: 'unsupported', message: `The camera does not speak TLS at this port, or only an old one that is not safe (${code}). Check the port, or use rtsp://.` }
  }
  if (code === 'TLS_SILENT') {
    return { code: 'unsupported', message: `What answers at ${portOf(asked)}, takes the connection, but does not begin TLS. Check the port, or use rtsp://.` }
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return { code: 'exited', message: `camgate cannot connect to the camera, because there is no file descriptor left (${code}). Fewer viewers or cameras, or a higher limit (ulimit -n), will help.` }
  }
  if (error instanceof CamgateError && code !== 'RTSP_CLOSED') return unreadable(error)
  return { code: 'exited', message: `The camera ended the stream${hadFrames ? '' : ' before its first picture'}.` }
}

function refusal (status: number, asked: Target): Failure {
  switch (status) {
    case 401:
    case 403: return failure('auth', asked)
    case 404: return failure('not-found', asked)
    case 453:
    case 503: return failure('busy')
    default: return failure('unsupported')
  }
}

/** What sockets, and our own clock, call it. */
const plainly: Readonly<Record<string, Plain>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable'
}
