import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { jpegFault, PartReader } from './multipart.js'

export interface Watching {
  readonly address: URL
  /** Aborts when the viewer leaves. */
  readonly leave: AbortSignal
  /** Called for every whole picture that is newer than the one before. */
  readonly saw: () => void
}

/**
 * Watches a camera's stream until `leave`. Waits for `pace` after each chunk, without reading. Throws if the stream ends earlier, or does
 * not consist of whole JPEGs with rising numbers.
 */
export async function watch ({ address, leave, saw }: Watching, pace: (bytes: number) => Promise<unknown> | void): Promise<void> {
  const request = get(address, { signal: leave })
  request.on('error', () => {}) // they also come from the response and from `once`
  const [response] = await once(request, 'response', { signal: leave }) as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`)
  const reader = new PartReader()
  let newest = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    for (const { headers, body } of reader.push(chunk)) {
      const fault = jpegFault(body)
      if (fault) throw new Error(fault)
      const sequence = Number(headers['x-sequence'])
      if (!(sequence > newest)) throw new Error(`X-Sequence ${headers['x-sequence']} after ${newest}`)
      newest = sequence
      saw()
    }
    await pace(chunk.length)
  }
  throw new Error('the stream has ended')
}
