import type { Clock } from '../clock.js'
import { addressOf } from '../ingest/address.js'
import { HttpReader } from '../http-client/http-reader.js'
import type { Reader, ReaderEvents } from '../ingest/reader.js'
import { Session } from '../rtsp-client/session.js'
import { newAuthMemory, type AuthMemory, type AuthorizerOptions } from '../http-auth/authorizer.js'
import type { HttpSource } from '../sources/http.js'
import type { RtspSource } from '../sources/rtsp.js'
import type { Launch } from './attempt.js'
import type { LiveCamera } from '../config/registry.js'

type Open = (events: ReaderEvents) => Reader

/** How each camera takes its password, by id: remembered from one attempt to the next. */
export class AuthMemories {
  readonly #memories = new Map<string, AuthMemory>()

  optionsFor ({ id, auth }: Pick<LiveCamera, 'id' | 'auth'>): AuthorizerOptions {
    return { memory: this.#of(id), allowBasic: auth === 'basic' }
  }

  /** Marks attempts that end while their camera owes an answer to a login. */
  noting (launch: Launch): Launch {
    return (camera, events) => launch(camera, {
      ...events,
      onExit: end => {
        const memory = this.#of(camera.id)
        const { unanswered } = memory
        memory.unanswered = false
        events.onExit(unanswered ? { ...end, unanswered } : end)
      }
    })
  }

  #of (id: string): AuthMemory {
    const memory = this.#memories.get(id) ?? newAuthMemory()
    this.#memories.set(id, memory)
    return memory
  }
}

export const rtspReader = (camera: LiveCamera<RtspSource>, memories: AuthMemories, clock: Clock): Open => {
  const { source, credentials, transport } = camera
  return events => new Session({ address: whereIs(source), credentials, auth: memories.optionsFor(camera), transport, clock }, events)
}

export const httpReader = (camera: LiveCamera<HttpSource>, memories: AuthMemories, clock: Clock): Open => {
  const { source, credentials, fps } = camera
  return events => new HttpReader({ address: whereIs(source), credentials, auth: memories.optionsFor(camera), kind: source.type, fps, clock }, events)
}

export const whereIs = ({ url, allowSelfSigned = false }: RtspSource | HttpSource) => addressOf(url, allowSelfSigned)!
