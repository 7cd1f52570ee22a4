namespace EnterprisePortal.Tests.EndToEnd.Pages;

public static class SignInPage
{
    /// <summary>With the button, and as the person chosen at the stand-in for Google.</summary>
    public static async Task<AccountsPage> SignInWithGoogle(this IPage page, string person)
    {
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue with Google" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = person }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Home" }).WaitForAsync();
        return await AccountsPage.Open(page);
    }

    /// <summary>At an account's own door.</summary>
    public static async Task<OfficePage> SignInDirectly(this IPage page, Uri office, string account, string staff = "owner")
    {
        await page.GotoAsync($"{office}{account}/sign-in");
        await page.GetByLabel("E-mail").FillAsync($"{staff}@{account}.example");
        await page.GetByLabel("Password").FillAsync("Demo-2026!");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
        return new(page);
    }
}
