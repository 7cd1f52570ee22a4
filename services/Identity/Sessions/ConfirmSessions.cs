namespace EnterprisePortal.Identity.Sessions;

public static class ConfirmSessions
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);
}
