namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>
/// The account whose address (<c>/bluedolphin-austin/…</c>) was asked for. Declared as a handler's parameter it binds by itself;
/// <see cref="FindAccount"/> has answered 404 where there is none.
/// </summary>
/// <param name="Issuer">The portal's, pinned at pairing: nobody else's tokens count. null: not paired.</param>
/// <param name="EnterpriseId">Pinned too: the same portal serves other enterprises.</param>
/// <param name="PairingRepeatable">The portal has not yet shown that it got the pairing's answer.</param>
public sealed record Account(string Code, string Name, string TimeZone, string Country,
    string? Issuer, Guid? EnterpriseId, string? EnterpriseName, string? ClientId, bool PairingRepeatable)
{
    public static ValueTask<Account> BindAsync(HttpContext http) => new(Visit.Of(http).Account);

    /// <summary>A moment as people in this account read it: <c>23 Nov 2026 2:05 PM</c>. It breaks between day and hour only.</summary>
    public string LocalTime(DateTime at) =>
        TimeZoneInfo.ConvertTimeFromUtc(at, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).ToString("d\u00a0MMM\u00a0yyyy h:mm\u00a0tt", System.Globalization.CultureInfo.InvariantCulture);
}
