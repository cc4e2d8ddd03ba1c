// A whole AT Protocol network on loopback: directory, personal data server, appview, and the two people alice and bob.
// It writes NAME='value' lines to the file $OUT when everybody can sign in, and lives until SIGTERM, SIGINT, or the end
// of its standard input: a parent that was killed leaves nothing behind.
import fs from 'node:fs'
import { TestNetwork } from '@atproto/dev-env'

const network = await TestNetwork.create({
  dbPostgresSchema: 'bluesky',
  pds: { enableDidDocWithSession: true }, // as the real one does: the session says where the account lives
})

const call = async (method, body, token) => {
  const answer = await fetch(`${network.pds.url}/xrpc/${method}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
  })
  if (!answer.ok) throw new Error(`${method} ${answer.status} ${await answer.text()}`)
  return answer.json()
}

const facts = {
  PDS: network.pds.url,
  PLC: network.plc.url,
  APPVIEW: network.bsky.url,
}
for (const name of ['alice', 'bob']) {
  const password = `pw-${name}`
  const account = await call('com.atproto.server.createAccount', {
    email: `${name}@test.invalid`,
    handle: `${name}.test`,
    password,
  })
  const app = await call('com.atproto.server.createAppPassword', { name: 'griot' }, account.accessJwt)
  const person = name.toUpperCase()
  facts[`${person}_HANDLE`] = account.handle
  facts[`${person}_DID`] = account.did
  facts[`${person}_PASSWORD`] = password
  facts[`${person}_APP_PASSWORD`] = app.password
}

const lines = Object.entries(facts).map(([name, value]) => `GRIOT_TEST_BLUESKY_${name}='${value}'\n`)
fs.writeFileSync(`${process.env.OUT}.new`, lines.join(''))
fs.renameSync(`${process.env.OUT}.new`, process.env.OUT)

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0))
process.stdin.on('end', () => process.exit(0)).resume()
