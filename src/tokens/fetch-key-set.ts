import type { Clock } from '../clock.js'

const FETCH_TIMEOUT_MS = 5_000
/** The largest key sets of identity providers, with certificates, have about 20 KB. */
const MAX_KEY_SET_BYTES = 262_144

/** Fetches a JSON Web Key Set. Follows no redirect. Rejects with a phrase that says why it could not be had. */
export async function fetchKeySet (url: URL, clock: Clock): Promise<unknown> {
  const late = new AbortController()
  const cancel = clock.after(FETCH_TIMEOUT_MS, () => late.abort(new Error(`it does not answer within ${FETCH_TIMEOUT_MS / 1_000} seconds`)))
  try {
    const response = await fetch(url, { signal: late.signal, redirect: 'manual', headers: { Accept: 'application/json', 'User-Agent': 'camgate' } })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`it answers with ${response.status}`)
    }
    return parsed(await bounded(response))
  } catch (error) {
    throw new Error(reasonOf(error as Error))
  } finally {
    cancel()
  }
}

async function bounded ({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_KEY_SET_BYTES) throw new Error(`its answer has more than ${MAX_KEY_SET_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('its answer is not JSON')
  }
}

/** Node's fetch only says that it failed; the cause has the socket's code. */
function reasonOf (error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error
  return 'code' in cause ? String(cause.code) : cause.message
}
