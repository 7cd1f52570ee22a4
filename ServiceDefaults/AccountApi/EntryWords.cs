using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.ServiceDefaults.AccountApi;

/// <summary>
/// What keeps a person out of an account and what to do about it, for staff: the same words on pages, in refusals, files and mails.
/// </summary>
public static class EntryWords
{
    extension(EntryProblem)
    {
        public static string InWords(string? problem, string? staffEmail) => problem switch
        {
            EntryProblem.Missing =>
                $"There is no staff user {staffEmail} in this account. Ask the account's owner to create it.",
            EntryProblem.Inactive =>
                $"The staff user {staffEmail} is inactive in this account. Ask the account's owner to activate it.",
            EntryProblem.LockedOut =>
                $"The staff user {staffEmail} is locked out in this account. Ask the account's owner to unlock it.",
            EntryProblem.NotAllowed =>
                $"The account's owner has not allowed the portal to enter as {staffEmail}. "
                + "They can allow it under Settings, Enterprise Portal.",
            EntryProblem.NotAdmin =>
                $"The staff user {staffEmail} lacks full permissions in this account. Ask the account's owner to grant them.",
            EntryProblem.NoLoginAs => "Your group has no login-as staff user. Ask an Admin to set it under Groups.",
            EntryProblem.Suspended => "This account is suspended in the portal. An Admin can reinstate it.",
            EntryProblem.Onboarding => "This account is still being connected to the portal.",
            _ => "The account did not answer. Try again in a moment."
        };
    }
}
