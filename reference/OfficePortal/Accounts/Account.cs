namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>
/// The account in the request's address (<c>/bluedolphin-austin/…</c>). A handler's parameter of this type binds by itself; without such an
/// account, <see cref="FindAccount"/> has answered 404.
/// </summary>
/// <param name="Issuer">The portal's issuer, pinned at pairing: only its tokens are accepted. null: not paired.</param>
/// <param name="EnterpriseId">Pinned too, since the same portal serves other enterprises.</param>
/// <param name="PairingRepeatable">The portal has not yet shown that it received the pairing's answer.</param>
public sealed record Account(string Code, string Name, string TimeZone, string Country,
    string? Issuer, Guid? EnterpriseId, string? EnterpriseName, string? ClientId, bool PairingRepeatable)
{
    public static ValueTask<Account> BindAsync(HttpContext http) => new(Visit.Of(http).Account);

    /// <summary>A time as people in this account read it: <c>23 Nov 2026 2:05 PM</c>. It wraps between day and hour only.</summary>
    public string LocalTime(DateTime at) =>
        TimeZoneInfo.ConvertTimeFromUtc(at, TimeZoneInfo.FindSystemTimeZoneById(TimeZone))
            .ToString("d\u00a0MMM\u00a0yyyy h:mm\u00a0tt", System.Globalization.CultureInfo.InvariantCulture);
}
