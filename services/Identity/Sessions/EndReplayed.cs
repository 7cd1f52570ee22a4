using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Protection;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>
/// A code that comes a second time was stolen, by whoever came first or second. OpenIddict ends the refresh tokens it led to; access tokens
/// are known by their session, so that ends too (https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2). A third time finds it ended.
/// </summary>
public sealed class EndReplayed(IdentityDb db, IOpenIddictTokenManager tokens, TimeProvider clock)
    : OpenIddict.Server.IOpenIddictServerHandler<ValidateTokenContext>
{
    /// <summary>Before the code is refused; it has not expired, and is this client's.</summary>
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
