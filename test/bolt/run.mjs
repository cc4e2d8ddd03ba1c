// An app made with Slack's own SDK, which the test of the fake Slack (bot/slackbot/slacktest) drives like people do. It says what it
// understood as one JSON object a line on standard output, and lives until its standard input ends.
// In the environment: SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN for Socket Mode; with PORT instead: SLACK_SIGNING_SECRET, and
// SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_AUTHORIZE_URL to be installed by OAuth.
import bolt from '@slack/bolt'

const { App, HTTPReceiver, LogLevel } = bolt
const env = process.env
const say = (what, facts = {}) => console.log(JSON.stringify({ what, ...facts }))
const plain = (text) => ({ type: 'plain_text', text })
const mrkdwn = (text) => ({ type: 'mrkdwn', text })
const clientOptions = { slackApiUrl: env.SLACK_API_URL, retryConfig: { retries: 0 } }

// What OAuth stores, by workspace.
const installations = new Map()
const store = {
  storeInstallation: async (i) => { installations.set(i.team.id, i); say('installed', { team: i.team.name, token: i.bot.token, scopes: i.bot.scopes }) },
  fetchInstallation: async (q) => installations.get(q.teamId),
  deleteInstallation: async (q) => { installations.delete(q.teamId); say('deleted', { team: q.teamId }) },
}

const overHTTP = () => new HTTPReceiver({
  signingSecret: env.SLACK_SIGNING_SECRET,
  endpoints: ['/slack/events', '/slack/commands', '/slack/interactivity'],
  clientId: env.SLACK_CLIENT_ID,
  clientSecret: env.SLACK_CLIENT_SECRET,
  stateSecret: 'state-secret',
  scopes: ['commands', 'chat:write', 'app_mentions:read'],
  redirectUri: `http://127.0.0.1:${env.PORT}/slack/oauth_redirect`,
  installationStore: store,
  installerOptions: { authorizationUrl: env.SLACK_AUTHORIZE_URL, clientOptions, directInstall: true, redirectUriPath: '/slack/oauth_redirect' },
  logLevel: LogLevel.ERROR,
})

const app = env.PORT
  ? new App({ receiver: overHTTP(), clientOptions, logLevel: LogLevel.ERROR, unhandledRequestTimeoutMillis: 2000 })
  : new App({ token: env.SLACK_BOT_TOKEN, appToken: env.SLACK_APP_TOKEN, socketMode: true, clientOptions, logLevel: LogLevel.ERROR })

app.error(async (e) => say('error', { code: e.code, message: e.message, data: e.data ?? e.original?.data }))

app.event('app_mention', async ({ event, say: answer, context }) => {
  say('mention', { text: event.text, user: event.user, bot: context.botUserId })
  await answer({ text: `<@${event.user}> I heard you`, thread_ts: event.ts })
})

app.message(async ({ message, say: answer }) => {
  if (message.bot_id) return
  say('message', { text: message.text, kind: message.channel_type })
  await answer('Hello yourself')
})

const form = (note) => ({
  type: 'modal',
  callback_id: 'draft',
  title: plain('Draft'),
  submit: plain('Save'),
  close: plain('Cancel'),
  notify_on_close: true,
  private_metadata: 'rev 1',
  blocks: [
    { type: 'section', text: mrkdwn(note) },
    { type: 'input', block_id: 'text', label: plain('Text'), element: { type: 'plain_text_input', action_id: 't', multiline: true } },
    {
      type: 'input', block_id: 'to', label: plain('Accounts'),
      element: {
        type: 'multi_static_select', action_id: 'm',
        options: [{ text: plain('Mastodon'), value: 'm' }, { text: plain('Bluesky'), value: 'b' }],
      },
    },
    { type: 'input', block_id: 'when', optional: true, label: plain('When'), element: { type: 'datetimepicker', action_id: 'w' } },
    { type: 'input', block_id: 'files', optional: true, label: plain('Pictures'), element: { type: 'file_input', action_id: 'f', filetypes: ['png'], max_files: 2 } },
  ],
})

app.command('/post', async ({ command, ack, client }) => {
  await ack({ text: `On it: ${command.text}` })
  say('command', { text: command.text, channel: command.channel_name, user: command.user_name })
  const opened = await client.views.open({ trigger_id: command.trigger_id, view: form('One moment…') })
  await client.views.update({ view_id: opened.view.id, hash: opened.view.hash, view: form('*Write* it') })
})

app.view('draft', async ({ ack, view, body, client }) => {
  const values = view.state.values
  if (values.text.t.value === 'bad') {
    await ack({ response_action: 'errors', errors: { text: 'Not that' } })
    return
  }
  await ack()
  say('submitted', {
    text: values.text.t.value,
    to: values.to.m.selected_options.map((o) => o.value),
    when: values.when.w.selected_date_time,
    files: values.files.f.files.map((f) => `${f.name} ${f.mimetype}`),
    metadata: view.private_metadata,
    user: body.user.name,
  })
  await client.chat.postMessage({
    channel: env.CHANNEL,
    text: 'A draft',
    metadata: { event_type: 'card', event_payload: { key: 'k1' } },
    blocks: [
      { type: 'header', text: plain('Draft') },
      { type: 'section', text: mrkdwn(values.text.t.value) },
      {
        type: 'actions',
        elements: [
          { type: 'button', text: plain('Approve'), action_id: 'approve', value: 'p1', style: 'primary' },
          { type: 'static_select', placeholder: plain('Later'), action_id: 'later', options: [{ text: plain('Tomorrow'), value: '1' }] },
        ],
      },
    ],
  })
})

app.view({ callback_id: 'draft', type: 'view_closed' }, async ({ ack, view }) => {
  await ack()
  say('closed', { view: view.callback_id })
})

app.action('approve', async ({ ack, action, body, client, respond }) => {
  await ack()
  say('pressed', { value: action.value, text: body.message.text })
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: 'Approved', blocks: [{ type: 'section', text: mrkdwn('Approved') }] })
  await respond({ response_type: 'ephemeral', replace_original: false, text: 'Only you see this' })
})

app.action('later', async ({ ack, action }) => {
  await ack()
  say('chosen', { value: action.selected_option.value })
})

app.shortcut('new', async ({ ack, shortcut, client }) => {
  await ack()
  say('shortcut', { kind: shortcut.type, text: shortcut.message?.text })
  await client.views.open({ trigger_id: shortcut.trigger_id, view: form('From a shortcut') })
})

app.event('app_home_opened', async ({ event, client }) => {
  if (event.tab !== 'home') return
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'section', text: mrkdwn('*Nothing* waits for you') }] } })
  const who = await client.users.info({ user: event.user, include_locale: true })
  say('home', { locale: who.user.locale, zone: who.user.tz, view: event.view?.id })
})

// Uploads, lists and reads on demand: a message shortcut that has no other use.
app.shortcut('tour', async ({ ack, client, shortcut }) => {
  await ack()
  const up = await client.filesUploadV2({ channel_id: env.CHANNEL, filename: 'a.png', alt_text: 'A dot', file: Buffer.from('89504e470d0a1a0a', 'hex') })
  const seen = await client.conversations.history({ channel: env.CHANNEL, include_all_metadata: true, limit: 50 })
  const marked = seen.messages.filter((m) => m.metadata?.event_payload?.key === 'k1').length
  const rooms = await client.conversations.list({ types: 'public_channel', limit: 1 })
  const wrong = await client.chat.postMessage({ channel: env.CHANNEL, text: 'x', blocks: [{ type: 'header', text: plain('x'.repeat(151)) }] })
    .catch((e) => ({ code: e.data.error, messages: e.data.response_metadata.messages }))
  say('tour', {
    file: up.files[0].files[0].id, marked, rooms: rooms.channels.length, more: rooms.response_metadata.next_cursor !== '', wrong,
    scopes: seen.response_metadata.scopes.length > 3, from: shortcut.message_ts,
  })
})

await app.start(env.PORT ? { port: Number(env.PORT), host: '127.0.0.1' } : undefined)
say('ready')
process.stdin.resume()
process.stdin.on('end', async () => { await app.stop(); process.exit(0) })
