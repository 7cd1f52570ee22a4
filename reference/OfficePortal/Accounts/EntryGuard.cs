namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>
/// Who may pass to the routes of a group. Asked before anything else of the request is read, since filters come only after
/// a handler's parameters are bound.
/// </summary>
/// <param name="TurnAway">null: come in.</param>
public sealed record EntryGuard(Func<HttpContext, Visit, ValueTask<IResult?>> TurnAway);
