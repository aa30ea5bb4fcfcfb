import { parentPort, workerData } from 'node:worker_threads'
import { ConfigError } from '../yaml/diagnostic.js'
import type { Answer } from './parse-aside.js'
import { parseContents, type ParseRequest } from './parse-contents.js'

const { files, result } = parseContents(workerData as ParseRequest)
const answer: Answer['result'] = 'registry' in result ? result : result.error instanceof ConfigError ? { diagnostics: result.error.diagnostics } : { message: result.error.message }
parentPort!.postMessage({ files, result: answer } satisfies Answer)
