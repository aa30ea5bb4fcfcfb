import { request as requestHttp, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { networkInterfaces } from 'node:os'
import { isLoopback } from '../text/host.js'

const TIMEOUT_MS = 2_000

/**
 * Whether camgate answers at this address of this machine that it takes viewers, over https or http. The certificate is not checked if the
 * bytes do not leave the machine: it is for the name that people use, or self-signed.
 */
export async function isHealthy (host: string, port: number): Promise<boolean> {
  const address = host === '' || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const options = { host: address, port, path: '/health/ready', timeout: TIMEOUT_MS, agent: false } as const
  return await answersOk(requestHttp, options) || await answersOk(requestHttps, { ...options, rejectUnauthorized: !isOwn(address) })
}

const answersOk = async (request: typeof requestHttps, options: RequestOptions & { rejectUnauthorized?: boolean }) => await new Promise<boolean>(resolve => {
  const asked = request(options, response => {
    resolve(response.statusCode === 200)
    response.destroy()
  })
  asked.on('timeout', () => asked.destroy()).on('error', () => resolve(false)).end()
})

const isOwn = (address: string) => isLoopback(address) ||
  Object.values(networkInterfaces()).some(entries => entries?.some(entry => entry.address === address))
