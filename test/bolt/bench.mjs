// A server made with Slack's own SDK whose one command does nothing but acknowledge: what Griot is measured beside (make bench). It
// prints its address, host:port, and lives until its standard input ends. In the environment: SLACK_SIGNING_SECRET.
import bolt from '@slack/bolt'

const { App, HTTPReceiver, LogLevel } = bolt
const receiver = new HTTPReceiver({ signingSecret: process.env.SLACK_SIGNING_SECRET, endpoints: ['/slack/commands'], logLevel: LogLevel.ERROR })
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-nobody', botId: 'B0NOBODY', botUserId: 'U0NOBODY' }), // asks nobody
  logLevel: LogLevel.ERROR,
})

app.command('/griot', async ({ ack }) => { await ack() })

const server = await app.start({ port: 0, host: '127.0.0.1' })
const { address, port } = server.address()
console.log(`${address}:${port}`)
process.stdin.resume()
process.stdin.on('end', async () => { await app.stop(); process.exit(0) })
