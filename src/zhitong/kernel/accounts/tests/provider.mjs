// A real OpenID Connect provider for tests: node provider.mjs PORT REDIRECT AFTER.
// Its page of signing in is an address: /interaction/ID?login=NAME&amr=pwd,otp signs NAME in, by these means.
import { Provider } from "oidc-provider";

const [port, back, after] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: "zhitong", client_secret: "a-secret-of-thirty-two-characters", redirect_uris: [back],
    post_logout_redirect_uris: [after], response_types: ["code"], grant_types: ["authorization_code"],
  }],
  pkce: { required: () => true },
  claims: { openid: ["sub", "amr"], profile: ["preferred_username", "employee"] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ["only for tests"] },
  async findAccount(_ctx, id) {
    return { accountId: id, claims: async () => ({ sub: `sub-${id}`, preferred_username: id, employee: `E-${id}` }) };
  },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const amr = ctx.query.amr ? ctx.query.amr.split(",") : undefined;
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: ctx.query.login, amr } });
  ctx.respond = false;
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
