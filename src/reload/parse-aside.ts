import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { deepFreeze } from '../config/parse.js'
import type { Registry } from '../config/registry.js'
import { CamgateError } from '../errors.js'
import { ConfigError, type Diagnostic } from '../yaml/diagnostic.js'
import { parseContents, type Parsed, type ParseRequest } from './parse-contents.js'

/** A file of a hundred cameras is about as long, and takes 10 to 30 ms. */
const MAX_INLINE_BYTES = 16 * 1024

/** What a thread can send. */
export type Answer = Omit<Parsed, 'result'> & { readonly result: { readonly registry: Registry } | { readonly diagnostics: readonly Diagnostic[] } | { readonly message: string } }

/** The same as `parseContents`, but a long file is parsed by a thread: 500 cameras take a tenth of a second, in which no viewer would get a picture. */
export async function parseAside (request: ParseRequest): Promise<Parsed> {
  const bytes = [...request.contents.values()].reduce((sum, content) => sum + ('bytes' in content ? content.bytes.length : 0), 0)
  if (bytes <= MAX_INLINE_BYTES) return parseContents(request)
  const thread = new Worker(new URL('./parse-thread.js', import.meta.url), { workerData: request })
  const [{ files, result }] = await once(thread, 'message') as [Answer]
  await thread.terminate()
  if ('registry' in result) return { files, result: { registry: deepFreeze(result.registry) } }
  return { files, result: { error: 'diagnostics' in result ? new ConfigError(request.file, result.diagnostics) : new CamgateError('CONFIG', result.message) } }
}
