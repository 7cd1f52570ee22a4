using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.AppHost.Running;

/// <summary>What a user needs to know when everything is healthy.</summary>
sealed class Welcome(IConfiguration settings, DataFolder data)
{
    public void Say(TimeSpan took)
    {
        var portal = $"http://localhost:{settings["Ports:Portal"]}/";
        var office = $"http://localhost:{settings["Ports:Office"]}/";
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            Ready in {took.TotalSeconds:0.0} s.

              Portal      {portal}
              Dashboard   http://localhost:{settings["Ports:Dashboard"]}/
              Logs        {data.Below("logs")}

              Sign in as  root-admin@bluedolphin.example    Admin of Blue Dolphin Swim Schools (8 accounts)
                          root-user@bluedolphin.example     User of Blue Dolphin Swim Schools
                          east-admin@bluedolphin.example    Admin of East (4 accounts); with Microsoft, the others with Google
                          east-user@, west-user@, suspended@bluedolphin.example
                          root-admin@tumbletime.example     Admin of Tumble Time Gymnastics (another enterprise), also root-user@
                          consultant@partners.example       User of both, chooses one
                          operator@portal.example           runs the portal: {portal}operate

              In a shell  curl -sL -c jar -b jar '{portal}sign-in?provider=google&login_hint=root-admin@bluedolphin.example' -o /dev/null
                          curl -s -b jar {portal}api/me

              An account's own staff   {office}bluedolphin-austin/sign-in
                                       owner@bluedolphin-austin.example, password Demo-2026!

            Ctrl-C stops everything.

            """));
    }
}
