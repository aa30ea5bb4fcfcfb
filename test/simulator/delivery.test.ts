import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t from 'tap'
import { udpDelivery } from '../../src/simulator/delivery.js'
import { until } from '../e2e/until.js'
import { madeUpClip } from './small.js'

t.test('UDP delivery', async t => {
  t.test('sends each whole packet as a datagram, from an even port', async t => {
    const client = createSocket('udp4').bind(0, '127.0.0.1')
    await once(client, 'listening')
    const received: Buffer[] = []
    client.on('message', message => { received.push(message) })
    const delivery = await udpDelivery('127.0.0.1', { address: '127.0.0.1', ports: [client.address().port, client.address().port] }, () => {})
    const [rtp, rtcp] = delivery.serverPorts
    t.equal(rtp % 2, 0)
    t.equal(rtcp, rtp + 1)
    const { bytes, packets } = madeUpClip(7).pictures[0]!
    delivery.send(bytes.subarray(0, 40), packets)
    delivery.send(bytes, packets)
    while (received.length < 3) await once(client, 'message')
    t.same(received, [1, 2, 3].map(() => Buffer.alloc(22, 7)))
    delivery.close()
    client.close()
  })
  t.test('exchanges reports on the next port', async t => {
    const client = createSocket('udp4').bind(0, '127.0.0.1')
    await once(client, 'listening')
    const received: string[] = []
    const delivery = await udpDelivery('127.0.0.1', { address: '127.0.0.1', ports: [9, client.address().port] }, rtcp => { received.push(rtcp.toString()) })
    const [, rtcp] = delivery.serverPorts
    delivery.report(Buffer.from('camera'))
    const [sent, { port }] = await once(client, 'message') as [Buffer, { port: number }]
    t.equal(sent.toString(), 'camera')
    t.equal(port, rtcp)
    client.send('client', rtcp, '127.0.0.1')
    await until('it has arrived', () => received.includes('client'))
    delivery.close()
    client.close()
  })
  t.test('to a port where nothing listens is not an error', async t => {
    const delivery = await udpDelivery('127.0.0.1', { address: '127.0.0.1', ports: [9, 0] }, () => {})
    const { bytes, packets } = madeUpClip(7).pictures[0]!
    delivery.send(bytes, packets)
    delivery.report(bytes)
    await new Promise(resolve => setImmediate(resolve))
    t.notOk(delivery.full)
    delivery.close()
  })
})
