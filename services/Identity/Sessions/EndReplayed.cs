using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Protection;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>
/// A code that is used twice was stolen, and either use may be the thief's. OpenIddict revokes the refresh tokens issued for it; access
/// tokens are tied to their session, so that ends too (https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2). A third use finds it ended.
/// </summary>
public sealed class EndReplayed(IdentityDb db, IOpenIddictTokenManager tokens, TimeProvider clock)
    : OpenIddict.Server.IOpenIddictServerHandler<ValidateTokenContext>
{
    /// <summary>Runs before the code is refused; by then it has not expired, and belongs to this client.</summary>
    internal static readonly int Order = ValidateTokenEntry.Descriptor.Order - 1;

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        var cancel = context.CancellationToken;
        if (context.Principal is not { } code || !code.HasTokenType(TokenTypeIdentifiers.Private.AuthorizationCode)
            || !Guid.TryParse(code.GetClaim("sid"), out var sid)
            || code.GetTokenId() is not { } id || await tokens.FindByIdAsync(id, cancel) is not { } entry
            || !await tokens.HasStatusAsync(entry, Statuses.Redeemed, cancel))
            return;
        const string Words = "A sign-in of yours was used a second time. Sign in again.";
        await db.EndSessions(session => session.Id == sid, Words, clock.GetUtcNow(), cancel);
        await db.SaveChangesAsync(cancel);
    }
}
