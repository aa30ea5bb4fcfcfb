import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const CIPHER = 'aes-128-ecb'
/** One block of the cipher: half of it random, so that the same number never has the same id, and then the number. */
const BLOCK_BYTES = 16
const NUMBER_AT = 8

/**
 * The numbers of events in a form that only this process can read. They rise with every camera, also with those that a listener may not see: from the
 * numbers themselves, anybody could tell that there are others, and when something happens to them.
 */
export class EventIds {
  readonly #key = randomBytes(16)

  of (number: number): string {
    const block = randomBytes(BLOCK_BYTES)
    block.writeBigUInt64BE(BigInt(number), NUMBER_AT)
    return createCipheriv(CIPHER, this.#key, null).setAutoPadding(false).update(block).toString('hex')
  }

  /** Undefined for a text of another form. An id of another process has a number far beyond all events. */
  numberIn (id: string): number | undefined {
    if (!/^[0-9a-f]{32}$/.test(id)) return undefined
    const block = createDecipheriv(CIPHER, this.#key, null).setAutoPadding(false).update(Buffer.from(id, 'hex'))
    return Number(block.readBigUInt64BE(NUMBER_AT))
  }
}
