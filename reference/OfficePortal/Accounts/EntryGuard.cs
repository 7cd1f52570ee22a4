namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>
/// Decides who may use the routes of a group. Checked before anything else of the request is read, since filters run only after a handler's
/// parameters are bound.
/// </summary>
/// <param name="TurnAway">Returns null to let the request in.</param>
public sealed record EntryGuard(Func<HttpContext, Visit, ValueTask<IResult?>> TurnAway);
